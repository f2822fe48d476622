// One call: the picture of the recording and the lines of the talk go with the player, both ways. The
// player itself is the browser's and works without this.
(function () {
  'use strict';
  var box = document.querySelector('.listen[data-seconds]');
  var audio = box && box.querySelector('audio');
  if (!audio) return;
  var seek = box.querySelector('.w-seek'), place = box.querySelector('.place'), tools = box.querySelector('.hear');
  var calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  var total = Number(box.dataset.seconds), begins = Number(box.dataset.begins) / 1000;
  var lines = [], now = null, follows = false;

  function mark(s) { s = Math.max(0, Math.floor(s)); return Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0'); }
  Array.prototype.forEach.call(document.querySelectorAll('.said li[data-at]'), function (li) {
    var at = Math.max(0, Number(li.dataset.at) / 1000 - begins);
    if (at <= total) lines.push({ li: li, at: at, said: !li.classList.contains('did') });
  });

  // ---- what is heard -----------------------------------------------------------------------------
  function line(at) {
    var found = null;
    lines.forEach(function (l) { if (l.said && l.at <= at + 0.05) found = l.li; });
    return found;
  }
  function show() {
    var at = audio.currentTime, li = line(at);
    if (seek) {
      seek.value = String(Math.floor(at));
      seek.setAttribute('aria-valuetext', mark(at) + ' of ' + mark(total) + (li ? ', ' + li.querySelector('.speaker').textContent : ''));
    }
    place.textContent = mark(at) + ' / ' + mark(total);
    if (li === now) return;
    if (now) {
      now.classList.remove('heard');
      now.removeAttribute('aria-current');
    }
    now = li;
    if (!now) return;
    now.classList.add('heard');
    now.setAttribute('aria-current', 'true');
    if (follows) now.scrollIntoView({ block: 'nearest', behavior: calm.matches ? 'auto' : 'smooth' });
  }
  function go(to) {
    audio.currentTime = Math.min(Math.max(0, to), total);
    show();
  }
  function play() {
    var p = audio.play();
    if (p) p.catch(function () {}); // the browser's own player says why
  }
  ['timeupdate', 'seeked', 'loadedmetadata'].forEach(function (e) { audio.addEventListener(e, show); });
  audio.addEventListener('play', function () { follows = true; box.classList.add('playing'); });
  ['pause', 'ended', 'error'].forEach(function (e) { audio.addEventListener(e, function () { box.classList.remove('playing'); }); });
  // whoever scrolls looks at something else
  ['wheel', 'touchmove'].forEach(function (e) { document.addEventListener(e, function () { follows = false; }, { passive: true }); });

  // ---- seeking -----------------------------------------------------------------------------------
  if (seek) {
    seek.hidden = false;
    seek.addEventListener('input', function () { follows = true; go(Number(seek.value)); });
  }
  tools.hidden = false;
  tools.addEventListener('click', function (e) {
    var b = e.target.closest('button');
    if (b) go(audio.currentTime + Number(b.dataset.by));
  });
  tools.querySelector('select').addEventListener('change', function (e) { audio.playbackRate = Number(e.target.value); });
  lines.forEach(function (l) {
    var a = l.li.querySelector('a.at');
    a.setAttribute('aria-label', 'Play from ' + a.textContent);
    l.li.classList.add('plays');
    l.li.addEventListener('click', function (e) {
      var link = e.target.closest('a'), chosen = window.getSelection();
      if ((link && link !== a) || (!link && chosen && !chosen.isCollapsed)) return;
      go(l.at);
      play();
    });
  });
  show();
})();
