// The live board: what the server has rendered is kept current by one WebSocket. Words are put in by
// their ids, so nothing stands there twice; whatever was missed is fetched as a piece of the page.
// New calls are announced and put in on a press: nothing moves under a finger.
(function () {
  'use strict';
  var host = document.getElementById('live-calls');
  if (!host || !window.WebSocket || !window.fetch) return;
  var state = document.getElementById('live-state');
  var alarm = document.getElementById('live-alert');
  var fresh = document.getElementById('live-new');
  var aloud = document.getElementById('live-aloud');
  var count = document.getElementById('live-count');
  var refresh = document.getElementById('live-again');
  var ticket = document.getElementById('live-ticket');
  var socket = null, tries = 0, timer = 0, heard = 0, lost = 0, fetching = false, again = false, shows = false;
  var seq = Number(list().dataset.seq) || 0;
  var STALE = 5000, LONGEST = 30000;

  function list() { return host.querySelector('.live-list'); }
  function cards() { return Array.prototype.slice.call(host.querySelectorAll('.live')); }
  function card(id) { var e = document.getElementById(id); return e && host.contains(e) ? e : null; }
  function words(parent, name) { return parent.querySelector(name); }
  function say(text) { if (state.textContent !== text) state.textContent = text; }
  function clock(at) { return new Date(at).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' }); }

  // ---- words -------------------------------------------------------------------------------------
  function line(m) {
    var c = card(m.call);
    if (!c) return;
    var log = words(c, '.log'), low = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    var p = null, before = null;
    Array.prototype.forEach.call(log.children, function (e) {
      if (e.dataset.id === m.id) p = e;
      else if (!before && Number(e.dataset.at) > m.at) before = e;
    });
    if (!p) {
      p = document.createElement('p');
      p.dataset.id = m.id;
      p.dataset.at = m.at;
      log.insertBefore(p, before);
    }
    p.className = m.who;
    p.dataset.got = Date.now();
    p.textContent = '';
    add(add(p, 'b', 'speaker'), 'bdi').textContent = m.who === 'desk' ? 'Frontdesk' : c.dataset.first;
    p.appendChild(document.createTextNode(' '));
    add(p, 'bdi', 'words').textContent = (m.how === 'keys' ? 'pressed ' : '') + m.text;
    if (m.unheard) {
      p.appendChild(document.createTextNode(' '));
      add(p, 's').textContent = m.unheard;
      p.appendChild(document.createTextNode(' '));
      add(p, 'span', 'soft small').textContent = '(not heard)';
    }
    if (low) log.scrollTop = log.scrollHeight;
  }
  function add(parent, tag, name) {
    var e = document.createElement(tag);
    if (name) e.className = name;
    parent.appendChild(e);
    return e;
  }

  // ---- calls -------------------------------------------------------------------------------------
  function board(calls) {
    var now = {}, missing = 0;
    calls.forEach(function (m) {
      var c = card(m.id);
      now[m.id] = true;
      if (!c) { missing++; return; }
      orders(c, m.orders);
      if (m.urgent && !words(c, '.tag.p1')) {
        add(words(c, '.tags'), 'span', 'tag p1').textContent = 'Emergency';
        alarm.textContent = 'Emergency: ' + words(c, 'h2').textContent;
      }
    });
    cards().forEach(function (c) { if (!now[c.id]) over(c); });
    count.textContent = calls.length === 1 ? '1 call now' : calls.length ? calls.length + ' calls now' : '';
    if (missing && !cards().length) fetchPart(true);
    fresh.hidden = !missing || !cards().length;
    fresh.firstElementChild.textContent = missing === 1 ? '1 new call. Show' : missing + ' new calls. Show';
  }
  function orders(c, list) {
    var ul = words(c, '.told');
    list.forEach(function (o) {
      var li = null;
      Array.prototype.forEach.call(ul.children, function (e) { if (e.dataset.id === o.id) li = e; });
      if (!li) {
        li = add(ul, 'li');
        li.dataset.id = o.id;
        add(li, 'span');
      }
      var s = li.lastElementChild;
      if (s.textContent !== o.words) s.textContent = o.words;
    });
  }
  // It keeps its place and its height; its buttons do nothing any more.
  function over(c) {
    if (c.classList.contains('over')) return;
    c.classList.add('over');
    words(c, '.ran').textContent = 'The call has ended';
    words(c, '.steer').inert = true;
  }
  // By how long it had run when it was rendered: the two clocks may differ.
  function begin(c) { c.dataset.began = Date.now() - Number(c.dataset.ran); }
  function ran() {
    cards().forEach(function (c) {
      var s = Math.floor((Date.now() - Number(c.dataset.began)) / 1000), m = Math.floor(s / 60);
      if (!c.classList.contains('over')) words(c, '.ran').textContent = (m ? m + ' min ' : '') + (s % 60 || !m ? s % 60 + ' s' : '');
    });
  }

  // ---- what was missed ---------------------------------------------------------------------------
  function fetchPart(show) {
    if (fetching) { again = true; shows = shows || show; return; }
    fetching = true;
    var began = Date.now();
    fetch('/live/calls', { credentials: 'same-origin', redirect: 'error' }).then(function (r) {
      if (!r.ok) throw new Error(r.status);
      return r.text();
    }).then(function (text) {
      merge(new DOMParser().parseFromString(text, 'text/html').querySelector('.live-list'), show, began);
    }).catch(drop).then(function () {
      var more = again && socket, s = shows;
      fetching = again = shows = false;
      if (more) fetchPart(s);
    });
  }
  function merge(piece, show, began) {
    Array.prototype.slice.call(piece.querySelectorAll('.live')).forEach(function (theirs) {
      var ours = card(theirs.id);
      if (ours) { mergeLines(ours, theirs, began); return; }
      if (!show) return;
      var none = words(list(), '.empty');
      if (none) none.remove();
      list().appendChild(document.adoptNode(theirs));
      begin(theirs);
      speak(theirs);
    });
    seq = Math.max(seq, Number(piece.dataset.seq) || 0);
    if (show) fresh.hidden = true;
  }
  // What came by the socket since the piece was asked for is newer than the piece.
  function mergeLines(ours, theirs, began) {
    var log = words(ours, '.log'), have = {}, all;
    Array.prototype.forEach.call(log.children, function (e) { have[e.dataset.id] = e; });
    Array.prototype.slice.call(words(theirs, '.log').children).forEach(function (e) {
      var mine = have[e.dataset.id];
      if (mine && Number(mine.dataset.got) >= began) return;
      document.adoptNode(e);
      if (mine) log.replaceChild(e, mine); else log.appendChild(e);
    });
    all = Array.prototype.slice.call(log.children);
    all.sort(function (a, b) { return Number(a.dataset.at) - Number(b.dataset.at); });
    all.forEach(function (e) { log.appendChild(e); });
    log.scrollTop = log.scrollHeight;
  }
  fresh.firstElementChild.addEventListener('click', function () { fetchPart(true); });

  // ---- the socket --------------------------------------------------------------------------------
  var kinds = {
    hello: function () { tries = 0; lost = 0; say('Live'); refresh.style.visibility = 'hidden'; },
    line: function (m) {
      if (m.prev > seq) fetchPart(false); // and seq stays: all from there may have to come again
      else if (m.seq > seq) seq = m.seq;
      line(m);
    },
    board: function (m) { board(m.calls); },
    gap: function () { fetchPart(false); },
    beat: function () {}
  };
  function connect() {
    timer = 0;
    fetch(ticket.action, { method: 'POST', credentials: 'same-origin', redirect: 'error', body: new URLSearchParams(new FormData(ticket)) })
      .then(function (r) {
        if (!r.ok) throw new Error(r.status);
        return r.json();
      }).then(function (m) { open(m.ticket); }).catch(drop);
  }
  function open(word) {
    var s = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/ws/live?since=' + seq, 'frontdesk-live');
    socket = s;
    heard = Date.now();
    s.onopen = function () { s.send(JSON.stringify({ ticket: word })); };
    s.onmessage = function (e) {
      if (socket !== s) return;
      heard = Date.now();
      var m = JSON.parse(e.data);
      if (kinds[m.t]) kinds[m.t](m);
    };
    s.onclose = function () { if (socket === s) drop(); };
  }
  function drop() {
    var s = socket;
    socket = null;
    if (s) s.close();
    refresh.style.visibility = '';
    lost = lost || heard || Date.now();
    say('Live updates paused, trying again. What you see is from ' + clock(lost) + '.');
    if (!timer) timer = setTimeout(connect, Math.min(LONGEST, 1000 * Math.pow(2, tries++)) * (0.75 + Math.random() / 2));
  }
  document.addEventListener('visibilitychange', function () {
    if (document.hidden || socket) return;
    clearTimeout(timer);
    tries = 0;
    connect();
  });
  setInterval(function () { if (socket && Date.now() - heard > STALE) drop(); }, 1000);
  setInterval(ran, 5000);

  // ---- aloud -------------------------------------------------------------------------------------
  function isAloud() { return aloud.getAttribute('aria-pressed') === 'true'; }
  function speak(c) { words(c, '.log').setAttribute('aria-live', isAloud() ? 'polite' : 'off'); }
  aloud.hidden = false;
  aloud.addEventListener('click', function () {
    aloud.setAttribute('aria-pressed', String(!isAloud()));
    cards().forEach(speak);
  });
  cards().forEach(begin);
  cards().forEach(function (c) { words(c, '.log').scrollTop = words(c, '.log').scrollHeight; });
  connect();
})();
