/* The page of the web chat: one plain script for old phones (Chrome 80, Safari 13).
   Text only ever becomes a text node: whatever somebody writes, it is shown and never run. */
(function () {
  'use strict';

  var POLL = 3000, PATIENCE = 20000, HANDING = 120000, SLOWEST = 30000, OPENING = 6000, SILENCE = 50000, ANSWERED = 10000;
  var AIR = 14;   // pixels between the head of the page and what is new
  var NEAR = 160; // pixels from the end that still count as reading the newest line
  var DIGITS = {'menu.again': '7', 'menu.back': '8', 'helper.start': '9'};
  var ICONS = {'menu.again': 'i-repeat', 'menu.back': 'i-back', 'helper.start': 'i-person'};
  // Printed phone numbers of Viet Nam: a wrong link is worse than none, room numbers must not match.
  var PHONE = /(?:\+84[ .]?\d{2,3}|\b0\d{2,3})(?:[ .]?\d{3,4}){2}\b|\b1[89]00(?:[ .]?\d{2,4}){1,2}\b/g;
  var SIGN = /\*\*([^*]+)\*\*/;
  var ASIDE = /^\(.*\)$/; // who says so and when: there for those who look for it
  // Signs of ours, drawn: many phones lack them in their letters.
  var SIGNS = {'🔊': 'i-sound', '↩': 'i-back', '🙋': 'i-person', '🌐': 'i-globe', '✅': 'i-done',
    '⚠': 'i-warn', '🆘': 'i-warn', '🙂': 'i-smile', '🙁': 'i-frown'};
  var ANY_SIGN = /(🔊|↩|🙋|🌐|✅|⚠|🆘|🙂|🙁)[\ufe0e\ufe0f]?/u;
  var TRAIL = /[\s\u2190-\u2bff\ufe0e\ufe0f\u{1f300}-\u{1faff}]+$/u;
  var LEAD = /^[\s\u2190-\u2bff\ufe0e\ufe0f\u{1f300}-\u{1faff}]+/u;

  var base = document.body.dataset.base;
  var card = document.body.dataset.card;
  var allWords = JSON.parse(document.body.dataset.words);
  var words = allWords.vi;
  var box = byId('log'), field = byId('text'), state = byId('state'), fresh = byId('fresh'), head = byId('head');

  var larger = byId('larger'), SIZES = ['', 'large', 'larger-still'];

  var newest = 0;        // the number of the newest line we have
  var shown = {};        // our own ids of what she said -> its bubble
  var current = null;    // the choices that digits mean now
  var lastOut = 0;       // the line the controls belong to
  var lastDay = '';
  var anchor = null;     // what stays in sight when more comes below it
  var asked = 0, following = true;
  var waiting = [];      // what she said and the server has not taken yet, oldest first
  var sending = false, tries = 0, sendTimer = 0;
  var source = null, openTimer = 0, pollTimer = 0, silence = 0, live = false;
  var dots = null, dotsTimer = 0;
  var started = false;
  // What the script for voices and pictures uses of this one.
  var shared = window.dongHanh = {words: function () { return words; }, tell: tell, hand: hand, place: place};

  function byId(id) { return document.getElementById(id); }

  function make(tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.appendChild(document.createTextNode(text));
    return node;
  }

  /* A label without the sign in front of it: buttons of ours bear drawn icons instead. */
  function bare(label) { return label.replace(LEAD, ''); }

  /* What she pressed, in words: the signs told her what a choice has, not what she said. */
  function plain(label) { return bare(label).replace(TRAIL, ''); }

  function icon(name) {
    var space = 'http://www.w3.org/2000/svg';
    var node = document.createElementNS(space, 'svg'), use = document.createElementNS(space, 'use');
    node.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', '#' + name);
    node.appendChild(use);
    return node;
  }

  /* Words with what stands on signs in bold and phone numbers to press. */
  function write(node, text) {
    String(text).split(SIGN).forEach(function (piece, n) {
      if (piece) signs(n % 2 ? node.appendChild(make('strong')) : node, piece);
    });
  }

  function paragraphs(node, text) {
    text.split('\n').forEach(function (row, n) {
      if (n) node.appendChild(document.createTextNode('\n'));
      write(ASIDE.test(row) ? node.appendChild(make('small')) : node, row);
    });
  }

  function signs(node, text) {
    text.split(ANY_SIGN).forEach(function (piece, n) {
      if (n % 2) node.appendChild(icon(SIGNS[piece]));
      else if (piece) phones(node, piece);
    });
  }

  function phones(node, text) {
    var at = 0, hit, link;
    PHONE.lastIndex = 0;
    while ((hit = PHONE.exec(text))) {
      node.appendChild(document.createTextNode(text.slice(at, hit.index)));
      link = make('a', '', hit[0]);
      link.href = dial(hit[0]);
      node.appendChild(link);
      at = hit.index + hit[0].length;
    }
    if (at < text.length) node.appendChild(document.createTextNode(text.slice(at)));
  }

  /* ---- lines ---- */

  function atEnd() {
    var page = document.documentElement;
    return page.scrollHeight - window.pageYOffset - window.innerHeight < NEAR;
  }

  /* To the end, but never past the beginning of what is new: the fact stands first. On a page that
     is opened again that is what she said last. */
  function follow() {
    var limit = anchor ? anchor.offsetTop - head.offsetHeight - AIR : Infinity;
    following = true;
    window.scrollTo(0, Math.min(limit, document.documentElement.scrollHeight));
    fresh.hidden = true;
  }

  function append(node) {
    box.insertBefore(node, dots);
  }

  function take(lines) {
    var near = following || atEnd(), first = null;
    lines.forEach(function (line) {
      if (line.id <= newest) return;
      newest = line.id;
      if (line.side === 'in') return hers(line);
      if (line.replaces) return again(line);
      first = ours(line, first) || first;
    });
    if (!first) return;
    if (!anchor || Date.now() - asked > ANSWERED) anchor = first;
    if (near || !started) follow();
    else fresh.hidden = false;
  }

  function day(line) {
    var date = line.at.slice(0, 10);
    if (date === lastDay) return;
    lastDay = date;
    append(make('p', 'day', line.day));
  }

  function hers(line) {
    var known = shown[line.said];
    pressed(line.on, line.value);
    if (known) { known.dataset.line = line.id; return sign(known, line.mark); }
    day(line);
    anchor = bubbleOf(line.said, line.sent ? handed(line) : line.value ? plain(line.text) : line.text);
    anchor.dataset.line = line.id;
    sign(anchor, line.mark);
    append(anchor);
    asked = Date.now();
  }

  /* A voice or a picture stands there in words: what was sent is for the helper alone. */
  function handed(one) { return words['sent_' + one.sent].replace('{seconds}', one.seconds); }

  /* Her bubble, at once, whether or not it is sent already. */
  function bubbleOf(said, text) {
    var node = make('div', 'line in'), bubble = make('div', 'bubble'), note = make('p', 'note');
    node.appendChild(make('span', 'unseen', words.she + ': '));
    bubble.appendChild(document.createTextNode(text));
    node.appendChild(bubble);
    node.appendChild(note);
    note.hidden = true;
    shown[said] = node;
    return node;
  }

  /* The small sign we put at what she said. */
  function sign(node, text) {
    var old = node.querySelector('.mark'), shows;
    if (old) node.removeChild(old);
    if (!text) return;
    shows = make('p', 'mark');
    shows.appendChild(make('span', 'unseen', words.marked + ' '));
    signs(shows, text);
    node.insertBefore(shows, node.lastChild);
  }

  function mark(said, text, bad) {
    var note = shown[said] && shown[said].querySelector('.note');
    if (!note) return;
    note.textContent = text;
    note.hidden = !text;
    note.className = bad ? 'note bad' : 'note';
  }

  function ours(line, first) {
    var node = make('div', 'line out');
    speak(line.language);
    day(line);
    node.dataset.line = line.id;
    fill(node, line, line.id);
    if (line.choices) digitsMean(node.querySelector('.choices'));
    append(node);
    lastOut = line.id;
    controls(line.controls);
    quiet();
    return first || node;
  }

  function fill(node, line, id) {
    var bubble = make('div', 'bubble');
    node.lang = line.language || 'vi';
    node.appendChild(make('span', 'unseen', words.we + ': '));
    if (line.text) { paragraphs(bubble, line.text); node.appendChild(bubble); }
    (line.media || []).forEach(function (media) { node.appendChild(mediaOf(media, id, line.slow)); });
    if (line.point) node.appendChild(placeOf(line.point));
    if (line.phones) node.appendChild(phonesOf(line.phones));
    if (line.choices) node.appendChild(choicesOf(line, id));
    node.appendChild(make('p', 'note', line.time));
  }

  /* What we said before, said otherwise: its bubble changes where it stands. */
  function again(line) {
    var node = box.querySelector('[data-line="' + Number(line.replaces) + '"]');
    if (!node) return;
    if (line.mark !== undefined) return sign(node, line.mark);
    line.time = node.lastChild.textContent; // when it was first said
    node.textContent = '';
    fill(node, line, line.replaces);
    if (line.replaces === lastOut) digitsMean(node.querySelector('.choices'));
    else if (line.choices) node.querySelector('.choices').classList.add('old');
  }

  function mediaOf(media, line, slow) {
    var at = '/media/' + media.sha256, node, inner;
    if (media.kind === 'picture') {
      node = make('figure');
      inner = make('img');
      inner.src = at;
      inner.alt = media.caption.replace(/\*\*/g, '');
      inner.addEventListener('load', function () { if (following) follow(); });
      node.appendChild(inner);
      inner = make('figcaption');
      inner.setAttribute('aria-hidden', 'true');
      write(inner, media.caption);
      node.appendChild(inner);
      return node;
    }
    if (media.kind === 'audio') {
      node = make('div', 'clip');
      inner = node.appendChild(make('audio'));
      inner.preload = 'none';
      inner.src = at;
      inner.setAttribute('aria-label', media.caption);
      window.dongHanhClip(node, words, slow);
      if (base.indexOf('/chat/') === 0) {
        inner = node.appendChild(make('a', '', words.clip_page));
        inner.href = base + '/listen/' + line;
      }
      return node;
    }
    node = make('a', 'paper', media.caption);
    node.href = base + '/file/' + media.sha256;
    node.insertBefore(icon('i-paper'), node.firstChild);
    return node;
  }

  function placeOf(point) {
    var node = make('div', 'place'), inner = make('div'), where, link, note;
    where = point.latitude.toFixed(5) + ',' + point.longitude.toFixed(5);
    node.appendChild(icon('i-pin'));
    inner.appendChild(make('b', '', point.name)).lang = 'vi';
    if (point.note) { note = make('p'); write(note, point.note); inner.appendChild(note); }
    link = make('a', '', words.map);
    // Each phone's own map; nobody else learns where she is going.
    link.href = /iPhone|iPad|iPod/.test(navigator.userAgent)
      ? 'maps:?ll=' + where + '&q=' + encodeURIComponent(point.name)
      : 'geo:' + where + '?q=' + where + '(' + encodeURIComponent(point.name) + ')';
    inner.appendChild(link);
    inner.appendChild(make('small', '', where.replace(',', ', ')));
    node.appendChild(inner);
    return node;
  }

  function dial(number) { return 'tel:' + number.replace(/[^\d+]/g, ''); }

  /* Numbers to ring with one press, each with whose it is. */
  function phonesOf(phones) {
    var list = make('ul', 'phones');
    phones.forEach(function (phone) {
      var link = list.appendChild(make('li')).appendChild(make('a', '', phone.name + ' '));
      link.appendChild(make('b', '', phone.number));
      link.href = dial(phone.number);
    });
    return list;
  }

  function choicesOf(line, id) {
    var list = make('ol', 'choices');
    line.choices.forEach(function (choice, n) {
      var row = make('li'), button = make('button'), label = make('span');
      button.type = 'button';
      button.dataset.value = choice.value;
      button.appendChild(make('i', '', n < 9 ? String(n + 1) : '·'));
      button.appendChild(icon('i-tick'));
      write(label, choice.label);
      button.appendChild(label);
      button.addEventListener('click', function () {
        tap(choice.value, choice.label, id);
        // What she presses is told first: the telephone may take the page away.
        if (choice.phone) window.location.href = dial(choice.phone);
      });
      row.appendChild(button);
      list.appendChild(row);
    });
    return list;
  }

  /* A digit that is typed or shown means the newest question. */
  function digitsMean(list) {
    if (current) current.classList.add('old');
    current = list;
  }

  function pressed(on, value) {
    var line = on && box.querySelector('[data-line="' + Number(on) + '"]');
    var list = line && line.querySelector('.choices');
    if (!list) return;
    list.querySelectorAll('button').forEach(function (button) {
      if (button.dataset.value !== value) return;
      button.className = 'picked';
      button.setAttribute('aria-pressed', 'true');
      list.classList.add('old');
    });
  }

  /* The words around the conversation follow the language of what was said last. */
  function speak(language) {
    var now = allWords[language] ? language : 'vi';
    if (words === allWords[now]) return;
    words = allWords[now];
    document.documentElement.lang = now;
    document.title = words.title;
    byId('title').textContent = words.title;
    byId('we').textContent = words.we;
    ['telegram', 'zalo', 'zalo-how'].forEach(function (id) {
      if (byId(id)) byId(id).textContent = words[id.replace('-', '_')];
    });
    byId('skip').textContent = words.skip;
    larger.setAttribute('aria-label', words.larger);
    larger.title = words.larger;
    byId('write').textContent = words.write;
    field.placeholder = words.write;
    fresh.textContent = words.fresh;
    byId('send').setAttribute('aria-label', words.send);
    box.setAttribute('aria-label', words.log);
    if (shared.relabel) shared.relabel();
  }

  function controls(given) {
    var labels = {}, taken = current ? current.children.length : 0;
    (given || []).forEach(function (one) { labels[one.value] = one.label; });
    byId('controls').querySelectorAll('button').forEach(function (button) {
      var value = button.dataset.value, label = labels[value] || words[value];
      var sound = value === 'menu.again' && label.indexOf('🔊') === 0;
      var name = button.querySelector('span'), digit = make('b', '', DIGITS[value]);
      digit.setAttribute('aria-hidden', 'true');
      digit.hidden = Number(DIGITS[value]) <= taken; // a long list means its own lines by it
      name.textContent = bare(label);
      name.appendChild(digit);
      button.querySelector('use').setAttribute('href', '#' + (sound ? 'i-sound' : ICONS[value]));
    });
  }

  /* ---- three dots while an answer is on its way ---- */

  function expect() {
    quiet();
    dots = make('div', 'wait');
    dots.setAttribute('aria-hidden', 'true');
    dots.appendChild(make('i'));
    dots.appendChild(make('i'));
    dots.appendChild(make('i'));
    box.appendChild(dots);
    if (following) follow();
    dotsTimer = setTimeout(function () { quiet(); look(); }, POLL);
  }

  function quiet() {
    clearTimeout(dotsTimer);
    if (dots) box.removeChild(dots);
    dots = null;
  }

  /* ---- what she says ---- */

  function newId() {
    var bytes = new Uint8Array(16), text = '';
    window.crypto.getRandomValues(bytes);
    bytes.forEach(function (byte) { text += ('0' + byte.toString(16)).slice(-2); });
    return text;
  }

  function tap(value, label, on) {
    var said = {id: newId(), value: value};
    if (on) said.on = on;
    say(said, plain(label));
    pressed(on, value);
  }

  function say(said, label) {
    waiting.push({said: said, label: label});
    appear(said.id, label);
  }

  function appear(id, label) {
    if (label) {
      anchor = bubbleOf(id, label);
      append(anchor);
      mark(id, words.sending);
      asked = Date.now();
      follow();
    }
    keep();
    clearTimeout(sendTimer);
    next();
  }

  /* Kept over a reload, so that nothing she said is lost with a bad connection. */
  function keep() {
    var all = waiting.filter(function (one) { return one.said.latitude === undefined; });
    var light = all.filter(function (one) { return !one.body; });
    // Pictures may be more than a browser keeps; her words always fit. Where she is stays nowhere.
    [all, light].some(function (some) {
      try {
        if (some.length) localStorage.setItem('said ' + base, JSON.stringify(some));
        else localStorage.removeItem('said ' + base);
        return true;
      } catch (e) { return false; /* a browser that keeps nothing still sends */ }
    });
  }

  /* A voice or a picture, as a data URL: it waits its turn behind what she said before. */
  function hand(sort, body, seconds) {
    var said = {id: newId(), sent: sort, seconds: seconds};
    waiting.push({said: said, label: handed(said), body: body});
    appear(said.id, handed(said));
  }

  /* Where she is, at her word; in the conversation stands only that she told it. */
  function place(latitude, longitude) {
    say({id: newId(), latitude: latitude, longitude: longitude}, words.sent_place);
  }

  function kept() {
    try { return JSON.parse(localStorage.getItem('said ' + base)) || []; } catch (e) { return []; }
  }

  /* The size of letters she chose: kept on this phone only, known to nobody. */
  function size(chosen) {
    var number = Number(chosen);
    try {
      if (chosen === undefined) number = Number(localStorage.getItem('letters'));
      else localStorage.setItem('letters', String(number));
    } catch (e) { /* a browser that keeps nothing still grows its letters */ }
    number = SIZES[number] === undefined ? 0 : number;
    document.documentElement.className = SIZES[number];
    larger.setAttribute('aria-pressed', String(number > 0));
    return number;
  }

  function next() {
    if (sending || !waiting.length) return;
    sending = true;
    post(waiting[0]).then(function (answer) {
      sending = false;
      if (answer.status === 202) return done();
      if (answer.status === 403) return refused(answer);
      if (answer.status === 415 || waiting[0].body && answer.status < 428) return turnedDown(answer);
      if (answer.status === 409 || answer.status === 413 || answer.status === 422) return lost();
      later(answer.status === 429 ? words.busy : words.unsent,
        Number(answer.headers.get('Retry-After')) * 1000);
    }, function () {
      sending = false;
      later(words.unsent, 0);
    });
  }

  function post(one) {
    var abort = new AbortController(), said = one.said, body = one.body && bytesOf(one.body);
    var timer = setTimeout(function () { abort.abort(); }, body ? HANDING : PATIENCE);
    var to = body ? '/' + said.sent + '?id=' + said.id + '&seconds=' + said.seconds : '/say';
    return fetch(base + to, {
      method: 'POST', credentials: 'same-origin', signal: abort.signal,
      headers: {'Content-Type': body ? 'application/octet-stream' : 'application/json'},
      body: body || JSON.stringify(said)
    }).then(function (answer) { clearTimeout(timer); return answer; },
      function (error) { clearTimeout(timer); throw error; });
  }

  function bytesOf(url) {
    var text = atob(url.slice(url.indexOf(',') + 1)), bytes = new Uint8Array(text.length), n;
    for (n = 0; n < text.length; n += 1) bytes[n] = text.charCodeAt(n);
    return bytes;
  }

  function done() {
    var one = waiting.shift();
    tries = 0;
    keep();
    tell('');
    mark(one.said.id, '');
    if (one.said.card) forgetCard();
    if (!waiting.length) expect();
    next();
  }

  /* The token of a card has done its work: it stays neither in the address nor in the history. */
  function forgetCard() {
    card = '';
    if (base.indexOf('/chat/') === 0) history.replaceState(null, '', base);
  }

  function lost() {
    var one = waiting.shift();
    keep();
    mark(one.said.id, words.lost, true);
    next();
  }

  /* A voice or a picture that is not taken: why stands under it. */
  function turnedDown(answer) {
    var one = waiting.shift();
    keep();
    answer.json().then(function (said) { mark(one.said.id, words[said.word] || words.lost, true); },
      function () { mark(one.said.id, words.lost, true); });
    next();
  }

  function refused(answer) {
    mark(waiting[0].said.id, words.lost, true);
    waiting = [];
    keep();
    answer.json().then(function (said) { tell(said.sentence); }, function () { tell(words.lost); });
  }

  function later(text, wait) {
    waiting.forEach(function (one) { mark(one.said.id, text, true); });
    if (!waiting[0].label) tell(text);
    tries += 1;
    clearTimeout(sendTimer);
    sendTimer = setTimeout(next, wait || Math.min(SLOWEST, 1000 * Math.pow(2, tries)));
  }

  function tell(text) {
    if (state.textContent !== text) state.textContent = text;
  }

  /* ---- what we say ---- */

  function look() {
    return fetch(base + '/lines?after=' + newest, {credentials: 'same-origin'})
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (answer) { take(answer.lines); if (!waiting.length) tell(''); });
  }

  function listen() {
    if (source || document.hidden || !window.EventSource) return;
    source = new EventSource(base + '/stream?after=' + newest);
    // Something on the way may hold events back for ever; then we ask.
    openTimer = setTimeout(poll, OPENING);
    source.addEventListener('hello', function () { live = true; stopPolling(); alive(); });
    source.addEventListener('beat', alive);
    source.addEventListener('message', function (event) {
      alive();
      take([JSON.parse(event.data)]);
    });
    source.addEventListener('error', function () {
      live = false;
      if (source && source.readyState === 2) { source.close(); source = null; }
      poll();
    });
  }

  /* A phone that changed its network may hold a dead connection without knowing. */
  function alive() {
    clearTimeout(silence);
    silence = setTimeout(function () { rest(); wake(); }, SILENCE);
  }

  function poll() {
    // A stream that fails fast must not put off the question again and again.
    if (pollTimer || document.hidden) return;
    pollTimer = setTimeout(function () {
      pollTimer = 0;
      look().then(function () { listen(); }, function () { tell(words.connecting); }).then(function () {
        if (!live) poll();
      });
    }, POLL);
  }

  function stopPolling() {
    clearTimeout(openTimer);
    clearTimeout(pollTimer);
    clearTimeout(silence);
    pollTimer = 0;
  }

  function rest() {
    stopPolling();
    if (source) source.close();
    source = null;
    live = false;
  }

  function wake() {
    if (document.hidden || !started) return;
    look().catch(function () { tell(words.connecting); }).then(function () { listen(); });
    clearTimeout(sendTimer);
    next();
  }

  /* ---- the beginning ---- */

  function start() {
    look().then(function () {
      kept().forEach(function (one) {
        waiting.push(one);
        if (one.label && !shown[one.said.id]) append(bubbleOf(one.said.id, one.label));
        mark(one.said.id, words.sending);
      });
      started = true;
      box.setAttribute('aria-live', 'polite');
      // Voices and pictures can wait until the conversation stands there.
      if (!shared.relabel) document.head.appendChild(make('script')).src = document.body.dataset.hand;
      if (card || (!newest && !waiting.length)) join();
      next();
      listen();
    }).catch(function () {
      tell(words.connecting);
      setTimeout(start, POLL);
    });
  }

  function join() {
    var said = {id: newId(), joined: true};
    if (card) said.card = card;
    anchor = null; // what is said to this scan comes into sight from its beginning
    say(said, '');
  }

  function grow() {
    field.style.height = 'auto';
    field.style.height = (field.scrollHeight + 3) + 'px';
    byId('form').classList.toggle('typed', Boolean(field.value.trim()));
  }

  byId('form').addEventListener('submit', function (event) {
    var text = field.value.trim();
    event.preventDefault();
    if (!text) return;
    field.value = '';
    grow();
    say({id: newId(), text: text}, text);
  });
  field.addEventListener('input', grow);
  field.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    byId('send').click();
  });
  byId('controls').querySelectorAll('button').forEach(function (button) {
    button.addEventListener('click', function () {
      var label = button.querySelector('span').firstChild.textContent;
      tap(button.dataset.value, label, lastOut);
    });
  });
  fresh.addEventListener('click', follow);
  var letters = size();
  larger.hidden = false;
  larger.addEventListener('click', function () {
    letters = size((letters + 1) % SIZES.length);
    grow();
  });
  ['wheel', 'touchmove'].forEach(function (kind) {
    window.addEventListener(kind, function () { following = false; }, {passive: true});
  });
  window.addEventListener('scroll', function () { if (atEnd()) fresh.hidden = true; }, {passive: true});
  window.addEventListener('online', function () { rest(); wake(); });
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) rest(); else wake();
  });

  byId('late').parentNode.removeChild(byId('late'));
  byId('foot').hidden = false;
  controls([]);
  start();
})();
