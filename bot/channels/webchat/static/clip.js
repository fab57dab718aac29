/* Plays a clip: one large button, slower if she likes, and an honest word when it cannot be played.
   Without this script the browser's own player stands there. */
(function () {
  'use strict';

  var SLOW = 0.8, playing = null;

  function make(tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.appendChild(document.createTextNode(text));
    return node;
  }

  function clock(seconds) {
    var whole = Math.floor(seconds || 0), rest = whole % 60;
    return Math.floor(whole / 60) + ':' + (rest < 10 ? '0' : '') + rest;
  }

  // What she chose on this page; else what is usual for her, who may be told everything slowly.
  function wantsSlow(usual, chosen) {
    try {
      if (chosen !== undefined) localStorage.setItem('slow', chosen ? '1' : '');
      var kept = localStorage.getItem('slow');
      return kept === null ? Boolean(usual) : kept === '1';
    } catch (e) { return Boolean(chosen === undefined ? usual : chosen); }
  }

  function player(box, words, usual) {
    var audio = box.querySelector('audio'), name = audio.getAttribute('aria-label') || '';
    var go = make('button', 'go'), sign = make('i'), label = make('span', '', words.play);
    var slow = make('button', 'slow', words.slow), time = make('span', 'time');
    var bar = make('progress');
    go.type = slow.type = 'button';
    sign.setAttribute('aria-hidden', 'true');
    bar.setAttribute('aria-hidden', 'true');
    bar.max = 1;
    bar.value = 0;
    go.appendChild(sign);
    go.appendChild(label);
    [go, slow, time, bar].forEach(function (node) { box.appendChild(node); });
    audio.controls = false;
    audio.hidden = true;

    function pace(on) {
      audio.defaultPlaybackRate = audio.playbackRate = on ? SLOW : 1;
      slow.setAttribute('aria-pressed', String(on));
    }

    function show() {
      var on = !audio.paused && !audio.ended;
      go.className = on ? 'go on' : 'go';
      label.textContent = on ? words.pause : words.play;
      if (name) go.setAttribute('aria-label', label.textContent + ': ' + name);
    }

    function gone() {
      box.textContent = '';
      box.className = 'clip gone';
      box.appendChild(make('p', '', words.clip_gone)).setAttribute('role', 'status');
    }

    show();
    pace(wantsSlow(usual));
    go.addEventListener('click', function () {
      var begun;
      if (!audio.paused && !audio.ended) { audio.pause(); return; }
      if (playing && playing !== audio) playing.pause();
      playing = audio;
      pace(slow.getAttribute('aria-pressed') === 'true');
      begun = audio.play();
      if (begun) begun.catch(function (error) { if (error.name === 'NotSupportedError') gone(); });
    });
    slow.addEventListener('click', function () {
      pace(wantsSlow(usual, slow.getAttribute('aria-pressed') !== 'true'));
    });
    ['play', 'pause', 'ended'].forEach(function (kind) { audio.addEventListener(kind, show); });
    audio.addEventListener('timeupdate', function () {
      var whole = isFinite(audio.duration) ? audio.duration : 0;
      time.textContent = clock(audio.currentTime) + (whole ? ' / ' + clock(whole) : '');
      bar.value = whole ? audio.currentTime / whole : 0;
    });
    audio.addEventListener('error', gone);
    return box;
  }

  window.dongHanhClip = player;
  document.querySelectorAll('.clip[data-play]').forEach(function (box) {
    var said = box.dataset;
    player(box, {play: said.play, pause: said.pause, slow: said.slow, clip_gone: said.gone},
           box.hasAttribute('data-slowly'));
  });
})();
