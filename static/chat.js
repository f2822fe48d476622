// The chat on a business's website. One line of a page draws it:
//   <script src="https://DESK/chat.js" data-business="KEY" data-phone="+18605550100" defer></script>
// Everything is inside one shadow root and made node by node: no style of the page comes in or goes
// out, and nothing here is inline code that a strict policy of the page would refuse. No cookies:
// which chat it is, and what was not answered yet, is kept in this tab (sessionStorage).
(function () {
  'use strict';
  var me = document.currentScript;
  if (!me || !me.dataset.business || !window.fetch || !Element.prototype.attachShadow) return;
  var base = new URL(me.src).origin + '/v1/chat/' + encodeURIComponent(me.dataset.business);
  var store = 'frontdesk-chat ' + me.dataset.business;
  var PATIENCE = 60000, TRIES = 60;

  // What is said when our server was never reached.
  var about = { name: '', language: 'en', greeting: '', phone: me.dataset.phone || '', longest: 500,
    words: { assistant: 'Automated assistant', kept: '', open: 'Chat with us', close: 'Close the chat', log: 'Conversation',
      label: 'Your message', send: 'Send', you: 'You', writing: 'Writing…', message: '', person: '',
      unreachable: 'The chat cannot be reached just now.', call: 'Call us:', again: 'Try again', slow: '', over: '', end: 'End the chat' } };

  // ---- what this tab remembers -------------------------------------------------------------------
  var kept = {};
  try { kept = JSON.parse(sessionStorage.getItem(store)) || {}; } catch (e) { /* nothing, or not allowed */ }
  function keep() {
    try { sessionStorage.setItem(store, JSON.stringify(kept)); } catch (e) { /* it holds as long as the page */ }
  }
  function name() {
    return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join('');
  }

  // ---- asking ------------------------------------------------------------------------------------
  // → {status, body, wait}; status 0: nothing came.
  function ask(path, body) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = setTimeout(function () { if (stop) stop.abort(); }, PATIENCE);
    var headers = {};
    if (body) headers['content-type'] = 'application/json';
    if (kept.secret && path) headers.authorization = 'Bearer ' + kept.secret;
    return fetch(base + path, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), headers: headers, mode: 'cors',
      credentials: 'omit', redirect: 'error', signal: stop && stop.signal }).then(function (r) {
      return r.json().catch(function () { return {}; }).then(function (json) {
        return { status: r.status, body: json, wait: Number(r.headers.get('retry-after')) || 0 };
      });
    }).catch(function () { return { status: 0, body: {}, wait: 0 }; }).then(function (got) { clearTimeout(timer); return got; });
  }

  // ---- drawing -----------------------------------------------------------------------------------
  var CSS = ':host{color-scheme:light dark;--back:#fff;--ink:#1b2430;--soft:#556070;--line:#c3cad3;--ours:#eef2f6;--main:#14508c;--on:#fff;--ring:#14508c}' +
    '@media (prefers-color-scheme:dark){:host{--back:#161c24;--ink:#e8edf3;--soft:#a9b4c1;--line:#465262;--ours:#242d38;--main:#9cc8f5;--on:#0f1720;--ring:#9cc8f5}}' +
    '*{box-sizing:border-box;margin:0;font:inherit;color:inherit}[hidden]{display:none!important}' +
    'section{all:initial;position:fixed;z-index:2147483000;right:16px;bottom:16px;font:16px/1.45 system-ui,sans-serif;color:var(--ink);text-align:start}' +
    'button,a{cursor:pointer}:focus-visible{outline:3px solid var(--ring);outline-offset:2px}' +
    '.open,.send{background:var(--main);color:var(--on);border:1px solid transparent;font-weight:600}' +
    '.open{display:flex;align-items:center;gap:8px;min-height:52px;padding:0 20px;border-radius:26px;box-shadow:0 2px 10px #0005}' +
    'svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}' +
    '.box{display:flex;flex-direction:column;width:380px;max-width:calc(100vw - 32px);height:560px;max-height:calc(100vh - 32px);background:var(--back);border:1px solid var(--line);border-radius:14px;overflow:hidden;box-shadow:0 6px 30px #0006}' +
    '.top{display:flex;align-items:center;gap:8px;padding:10px 8px 10px 16px;border-bottom:1px solid var(--line)}.top div{flex:1;min-width:0}' +
    'h2{font-weight:700;overflow-wrap:anywhere}.small{font-size:14px;color:var(--soft)}' +
    '.plain{background:none;border:0;min-width:44px;min-height:44px;padding:0 8px;display:inline-flex;align-items:center;justify-content:center;border-radius:8px}' +
    '.log{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:10px}' +
    '.log p{max-width:85%;padding:8px 12px;border-radius:12px;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--ours);align-self:flex-start}' +
    '.log p.visitor{background:var(--main);color:var(--on);align-self:flex-end}.log p.note{background:none;color:var(--soft);align-self:center;text-align:center;font-size:14px}' +
    '.offers{display:flex;flex-wrap:wrap;gap:8px;padding:0 16px 10px}.offers button,.again{min-height:44px;padding:0 14px;border:1px solid var(--line);border-radius:22px;background:var(--back)}' +
    '.state{padding:0 16px;color:var(--soft);font-size:15px}.state:not(:empty){padding-bottom:8px}.state a{display:inline-flex;align-items:center;min-height:44px;font-weight:600;color:var(--ink);text-decoration:underline}.again{margin-inline-start:8px}' +
    'form{display:flex;gap:8px;align-items:flex-end;padding:10px 12px 4px;border-top:1px solid var(--line)}form label{flex:1;font-size:14px;color:var(--soft)}' +
    'textarea{display:block;width:100%;height:52px;resize:none;padding:8px 10px;border:1px solid var(--soft);border-radius:10px;background:var(--back);color:var(--ink);font-size:16px;margin-top:4px}textarea:focus-visible{outline-offset:0}' +
    '.send{min-height:52px;padding:0 16px;border-radius:10px}.foot{display:flex;align-items:center;justify-content:space-between;gap:8px;padding:0 12px 4px 14px;min-height:30px}.foot .plain{text-decoration:underline;font-size:14px;white-space:nowrap}' +
    '.who{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}' +
    '@media (max-width:480px){.box{position:fixed;inset:0;width:auto;max-width:none;height:auto;max-height:none;border:0;border-radius:0}}' +
    '@media print{section{display:none}}' +
    '@media (prefers-reduced-motion:no-preference){.open{transition:transform .15s}.open:hover{transform:translateY(-2px)}.box{animation:in .15s ease-out}@keyframes in{from{transform:translateY(12px)}}}';

  function add(parent, tag, cls, text) {
    var e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text) e.textContent = text;
    parent.appendChild(e);
    return e;
  }
  function icon(parent, path) {
    var ns = 'http://www.w3.org/2000/svg', s = document.createElementNS(ns, 'svg'), p = document.createElementNS(ns, 'path');
    s.setAttribute('viewBox', '0 0 24 24');
    s.setAttribute('aria-hidden', 'true');
    p.setAttribute('d', path);
    s.appendChild(p);
    parent.insertBefore(s, parent.firstChild);
  }
  function telephone(parent, cls) {
    var a = add(parent, 'a', cls, about.phone_shown || about.phone);
    a.href = 'tel:' + about.phone;
    return a;
  }

  var ui = null; // its nodes, once it is drawn
  function draw() {
    var w = about.words, host = add(document.body, 'frontdesk-chat'), root = host.attachShadow({ mode: 'open' });
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch (e) { // an older browser
      add(root, 'style', '', CSS);
    }
    var all = add(root, 'section'), box, top;
    all.lang = about.language;
    all.setAttribute('aria-label', w.open);
    ui = { root: root, open: add(all, 'button', 'open', w.open), box: add(all, 'div', 'box') };
    ui.open.type = 'button';
    ui.open.setAttribute('aria-haspopup', 'dialog');
    icon(ui.open, 'M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12z');
    box = ui.box;
    box.hidden = true;
    box.setAttribute('role', 'dialog');
    box.setAttribute('aria-labelledby', 'name');
    top = add(box, 'div', 'top');
    var who = add(top, 'div');
    add(who, 'h2', '', about.name || w.open).id = 'name';
    add(who, 'p', 'small', w.assistant);
    if (about.phone) {
      var call = telephone(top, 'plain');
      call.setAttribute('aria-label', w.call + ' ' + call.textContent);
      call.textContent = '';
      icon(call, 'M5 3h4l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z');
    }
    ui.close = add(top, 'button', 'plain');
    ui.close.type = 'button';
    ui.close.setAttribute('aria-label', w.close);
    icon(ui.close, 'M6 6l12 12M18 6L6 18');
    ui.log = add(box, 'div', 'log');
    ui.log.setAttribute('role', 'log');
    ui.log.setAttribute('aria-live', 'polite');
    ui.log.setAttribute('aria-label', w.log);
    ui.log.tabIndex = 0;
    ui.offers = add(box, 'div', 'offers');
    ui.state = add(box, 'div', 'state');
    ui.state.setAttribute('role', 'status');
    ui.form = add(box, 'form');
    var label = add(ui.form, 'label', '', w.label);
    ui.text = add(label, 'textarea');
    ui.text.maxLength = about.longest;
    ui.send = add(ui.form, 'button', 'send', w.send);
    var foot = add(box, 'div', 'foot');
    add(foot, 'p', 'small', w.kept);
    ui.end = add(foot, 'button', 'plain small', w.end);
    ui.end.type = 'button';
    listen();
  }

  function line(who, text) {
    var p = add(ui.log, 'p', who);
    if (who === 'visitor') add(p, 'span', 'who', about.words.you + ': ');
    p.appendChild(document.createTextNode(text));
    ui.log.scrollTop = ui.log.scrollHeight;
  }
  // What goes on: words, then perhaps our number and another try.
  function state(text, call, again) {
    ui.state.textContent = text || '';
    if (call && about.phone) {
      add(ui.state, 'span', '', ' ' + about.words.call + ' ');
      telephone(ui.state);
    }
    if (again) {
      var b = add(ui.state, 'button', 'again', about.words.again);
      b.type = 'button';
      b.addEventListener('click', function () { ui.text.focus(); again(); });
    }
  }
  function offers() {
    ui.offers.textContent = '';
    ui.offers.hidden = Boolean(kept.id || kept.pending);
    ui.end.hidden = !kept.id;
    [about.words.message, about.words.person].forEach(function (text) {
      if (!text) return;
      var b = add(ui.offers, 'button', '', text);
      b.type = 'button';
      b.addEventListener('click', function () { ui.text.focus(); say(text); });
    });
  }
  function fresh() {
    ui.log.textContent = '';
    if (about.greeting) line('desk', about.greeting);
  }

  // ---- talking -----------------------------------------------------------------------------------
  var busy = false, tries = 0;
  function say(text) {
    if (busy || kept.pending || !text.trim()) return false;
    kept.pending = { message: name(), text: text, nth: kept.told || 0 };
    keep();
    line('visitor', text);
    tries = 0;
    deliver();
    return true;
  }
  // The same message again under the same name: it is answered once, however often it is sent.
  function deliver() {
    if (busy) return;
    var mine = kept.pending;
    busy = true;
    offers();
    state(about.words.writing);
    (kept.id ? Promise.resolve(null) : begin()).then(function (bad) {
      return bad || ask('/' + kept.id + '/say', { message: mine.message, text: mine.text });
    }).then(function (got) {
      busy = false;
      if (kept.pending === mine) answered(got); // else the chat was ended meanwhile
    });
  }
  // null: it is begun.
  function begin() {
    kept.begun = kept.begun || name();
    kept.secret = '';
    keep();
    return ask('/start', { message: kept.begun }).then(function (got) {
      if (got.status !== 201) return got;
      kept.id = got.body.id;
      kept.secret = got.body.secret;
      keep();
      return got.body.over ? { status: 409, body: { reason: 'session_over' } } : null;
    });
  }
  function forget() {
    kept.id = kept.secret = kept.begun = '';
    kept.told = 0;
    keep();
  }
  function later(seconds) {
    setTimeout(function () { if (kept.pending) deliver(); }, Math.max(1, seconds) * 1000);
  }
  function answered(got) {
    var gone = got.status === 401 || got.status === 404 || (got.status === 409 && got.body.reason === 'session_over');
    if (got.status === 200) {
      kept.told = kept.pending.nth + 1;
      kept.pending = null;
      keep();
      state('', got.body.urgent);
      if (got.body.text) line('desk', got.body.text);
      if (got.body.over) over();
      offers();
    } else if (got.status === 422 || got.status === 413) { // nothing that another try would mend
      kept.pending = null;
      keep();
      state(about.words.unreachable, true);
    } else if (gone && tries++ < 2) { // it lapsed: this message begins the next one
      forget();
      kept.pending.message = name();
      kept.pending.nth = 0;
      deliver();
    } else if (tries++ < TRIES && (got.status === 409 || got.status === 429 || got.status === 503)) {
      state(got.status === 429 ? about.words.slow : about.words.writing);
      later(got.wait);
    } else {
      state(about.words.unreachable, true, function () { tries = 0; deliver(); });
    }
  }
  function over() {
    forget();
    line('note', about.words.over);
  }
  // The page before this one had begun: what was said is told again, and what was not answered is sent again.
  function resume() {
    busy = true;
    return ask('/' + kept.id).then(function (got) {
      var said = got.status === 200 ? got.body.said : [], last = said[said.length - 1];
      var theirs = said.filter(function (m) { return m.who === 'visitor'; }).length;
      var came = kept.pending && theirs > kept.pending.nth;
      busy = false;
      if (last) ui.log.textContent = '';
      said.forEach(function (m) { line(m.who, m.text); });
      if (kept.pending && !came) line('visitor', kept.pending.text);
      if (came && last.who === 'desk') kept.pending = null; // its answer was lost with the page
      if (last) kept.told = theirs;
      keep();
      state('', got.body.urgent);
      if (got.status === 200 && got.body.over) over();
      else if (got.status && got.status !== 200) forget();
      if (kept.pending) deliver();
      else if (!got.status) state(about.words.unreachable, true, resume);
      offers();
    });
  }

  // ---- opening and closing -----------------------------------------------------------------------
  function show(on, quietly) {
    ui.box.hidden = !on;
    ui.open.hidden = on;
    ui.box.setAttribute('aria-modal', String(narrow()));
    kept.open = on;
    keep();
    ui.log.scrollTop = ui.log.scrollHeight;
    if (!quietly) (on ? ui.text : ui.open).focus();
    if (on && !reached) connect();
  }
  function narrow() { return matchMedia('(max-width:480px)').matches; }
  // On a phone it covers the page: Tab stays inside.
  function stay(e) {
    if (e.key !== 'Tab' || !narrow()) return;
    var all = Array.prototype.filter.call(ui.box.querySelectorAll('a,button,textarea,[tabindex]'), function (n) { return n.getClientRects().length; });
    var at = ui.root.activeElement, first = all[0], last = all[all.length - 1];
    if (e.shiftKey ? at === first : at === last) {
      e.preventDefault();
      (e.shiftKey ? last : first).focus();
    }
  }
  function listen() {
    ui.open.addEventListener('click', function () { show(true); });
    ui.close.addEventListener('click', function () { show(false); });
    ui.box.addEventListener('keydown', function (e) {
      if (e.key === 'Escape') { e.stopPropagation(); show(false); } else stay(e);
    });
    ui.text.value = kept.draft || '';
    ui.text.addEventListener('input', function () { kept.draft = ui.text.value; keep(); });
    ui.text.addEventListener('keydown', function (e) {
      if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      submit();
    });
    ui.form.addEventListener('submit', function (e) { e.preventDefault(); submit(); });
    ui.end.addEventListener('click', function () {
      ask('/' + kept.id + '/end', {});
      kept.pending = null;
      forget();
      fresh();
      state('');
      offers();
      ui.text.focus();
    });
    window.addEventListener('online', function () { if (kept.pending) { tries = 0; deliver(); } });
  }
  function submit() {
    if (!say(ui.text.value)) return;
    ui.text.value = kept.draft = '';
    keep();
  }

  // ---- at the start ------------------------------------------------------------------------------
  var reached = false;
  function start() {
    var open = kept.open;
    draw();
    fresh();
    offers();
    if (!reached) state(about.words.unreachable, true, connect);
    if (open) show(true, true);
    if (reached && kept.id) resume();
    else if (reached && kept.pending) { line('visitor', kept.pending.text); deliver(); }
  }
  // Not on this page, or turned off: then nothing is drawn at all.
  function connect() {
    return ask('').then(function (got) {
      var focused = ui && ui.root.activeElement;
      if (got.status === 403) return;
      if (got.status === 200) { about = got.body; reached = true; }
      if (ui && !reached) return;
      if (ui) {
        ui.root.host.remove();
        start();
        if (focused) ui.text.focus();
        return;
      }
      start();
    });
  }
  if (document.querySelector('frontdesk-chat')) return; // the line stands in the page twice
  if (document.body) connect(); else document.addEventListener('DOMContentLoaded', connect);
})();
