/* Her voice, her photographs, her place: recorded or chosen here, heard or seen, only then sent.
   A photograph is drawn anew, smaller: what the camera wrote into it, where it was taken above
   all, never leaves the phone. */
(function () {
  'use strict';

  var MOST = 60, LIMIT = 2000000, HOLD = 600, TALK = 24000; // seconds, bytes, ms, bits a second
  var SIZES = [[1600, 0.82], [1200, 0.7], [800, 0.6]];      // longest side in pixels, quality
  var KINDS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

  var chat = window.dongHanh;
  var form = byId('form'), mic = byId('mic'), photo = byId('photo'), file = byId('file');
  var draft = byId('draft'), say = byId('draft-say'), time = byId('draft-time');
  var see = byId('draft-see'), keptFor = byId('draft-kept');
  var where = byId('where'), drop = byId('drop'), stop = byId('stop'), give = byId('give');
  var recorder = null, begun = 0, ticking = 0, wanted = false, pressedAt = 0;
  var ready = null; // {sort, blob, seconds, url} waits for her word; a place has its sort alone

  function byId(id) { return document.getElementById(id); }
  function words() { return chat.words(); }

  function label() {
    mic.setAttribute('aria-label', words().record);
    photo.setAttribute('aria-label', words().picture);
    where.setAttribute('aria-label', words().place);
    drop.textContent = words().drop;
    stop.textContent = words().stop;
    give.textContent = words().send;
    keptFor.textContent = words().kept;
    draft.setAttribute('aria-label', words().record);
  }

  function open(state) {
    form.hidden = true;
    draft.hidden = false;
    draft.className = 'draft ' + state;
    stop.hidden = state !== 'recording';
    give.hidden = state === 'recording';
    time.hidden = state !== 'recording';
    keptFor.hidden = state === 'recording';
    (state === 'recording' ? stop : give).focus();
  }

  function shut() {
    if (ready && ready.url) URL.revokeObjectURL(ready.url);
    ready = null;
    give.textContent = words().send;
    give.disabled = false;
    see.textContent = '';
    say.textContent = '';
    draft.hidden = true;
    form.hidden = false;
  }

  function clock() {
    var gone = Math.floor((Date.now() - begun) / 1000);
    time.textContent = '0:' + (gone < 10 ? '0' : '') + gone + ' / 1:00';
    if (gone >= MOST) end();
  }

  /* ---- voice ---- */

  function record() {
    if (wanted || recorder) return;
    wanted = true;
    chat.tell('');
    navigator.mediaDevices.getUserMedia({audio: true}).then(listen, function (error) {
      var refused = error.name === 'NotAllowedError' || error.name === 'SecurityError';
      wanted = false;
      chat.tell(refused ? words().mic_refused : words().mic_absent);
    });
  }

  function listen(stream) {
    var pieces = [], kind = KINDS.filter(function (one) {
      return MediaRecorder.isTypeSupported && MediaRecorder.isTypeSupported(one);
    })[0];
    var made;
    try {
      made = new MediaRecorder(stream, kind ? {mimeType: kind, audioBitsPerSecond: TALK} : {});
    } catch (e) {
      release(stream);
      wanted = false;
      chat.tell(words().mic_absent);
      return;
    }
    recorder = made;
    made.addEventListener('dataavailable', function (event) {
      if (event.data && event.data.size) pieces.push(event.data);
    });
    made.addEventListener('stop', function () {
      release(stream);
      if (recorder === made) heard(new Blob(pieces, {type: made.mimeType || kind}));
    });
    made.start(1000);
    begun = Date.now();
    open('recording');
    say.textContent = words().recording;
    clock();
    ticking = setInterval(clock, 250);
  }

  function release(stream) {
    stream.getTracks().forEach(function (track) { track.stop(); });
  }

  function end() {
    clearInterval(ticking);
    if (recorder && recorder.state !== 'inactive') recorder.stop();
  }

  function heard(blob) {
    var seconds = Math.min(MOST, Math.max(1, Math.round((Date.now() - begun) / 1000)));
    var box = document.createElement('div'), audio = document.createElement('audio');
    recorder = null;
    wanted = false;
    if (!blob.size) { shut(); chat.tell(words().mic_absent); mic.focus(); return; }
    offer('voice', blob, seconds);
    box.className = 'clip';
    audio.src = ready.url;
    box.appendChild(audio);
    see.appendChild(window.dongHanhClip(box, words()));
    say.textContent = words().recorded.replace('{seconds}', seconds);
  }

  /* ---- photographs ---- */

  function look() {
    var chosen = file.files[0], picture = new Image(), url;
    file.value = '';
    if (!chosen) return;
    chat.tell('');
    url = URL.createObjectURL(chosen);
    picture.addEventListener('error', function () {
      URL.revokeObjectURL(url);
      chat.tell(words().unreadable);
    });
    picture.addEventListener('load', function () {
      shrink(picture, 0, function () { URL.revokeObjectURL(url); });
    });
    picture.src = url;
  }

  function shrink(picture, size, done) {
    var longest = Math.max(picture.naturalWidth, picture.naturalHeight);
    var part = Math.min(1, SIZES[size][0] / longest), canvas = document.createElement('canvas');
    var pen = canvas.getContext('2d');
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * part));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * part));
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(function (blob) {
      if (blob && blob.size > LIMIT && SIZES[size + 1]) { shrink(picture, size + 1, done); return; }
      done();
      if (!blob) { chat.tell(words().unreadable); return; }
      if (blob.size > LIMIT) { chat.tell(words().too_large); return; }
      seen(blob);
    }, 'image/jpeg', SIZES[size][1]);
  }

  function seen(blob) {
    var picture = document.createElement('img');
    offer('picture', blob, 0);
    picture.src = ready.url;
    picture.alt = words().sent_picture;
    see.appendChild(picture);
    say.textContent = words().chosen;
  }

  /* ---- where she is: looked for at her word only, told once, kept by nobody ---- */

  function whereabouts() {
    chat.tell('');
    ready = {sort: 'place'};
    see.textContent = '';
    open('ready');
    keptFor.hidden = true;
    draft.setAttribute('aria-label', words().place);
    say.textContent = words().place_why;
    give.textContent = words().place_send;
  }

  function find(one) {
    give.disabled = true;
    say.textContent = words().place_looking;
    navigator.geolocation.getCurrentPosition(function (found) {
      if (ready !== one) return; // she threw it away meanwhile
      shut();
      chat.place(near(found.coords.latitude), near(found.coords.longitude));
      byId('text').focus({preventScroll: true});
    }, function (error) {
      if (ready !== one) return;
      shut();
      chat.tell(error.code === 1 ? words().place_refused : words().place_absent);
      where.focus();
    }, {enableHighAccuracy: true, timeout: 20000, maximumAge: 60000});
  }

  /* A metre is near enough. */
  function near(degrees) { return Math.round(degrees * 1e5) / 1e5; }

  /* ---- before it goes ---- */

  function offer(sort, blob, seconds) {
    ready = {sort: sort, blob: blob, seconds: seconds, url: URL.createObjectURL(blob)};
    see.textContent = '';
    open('ready');
    draft.setAttribute('aria-label', sort === 'voice' ? words().record : words().picture);
  }

  give.addEventListener('click', function () {
    var one = ready, reader = new FileReader();
    if (!one) return;
    if (one.sort === 'place') { find(one); return; }
    reader.addEventListener('load', function () {
      chat.hand(one.sort, reader.result, one.seconds);
      shut();
      byId('text').focus({preventScroll: true});
    });
    reader.readAsDataURL(one.blob);
  });
  drop.addEventListener('click', function () {
    var was = {picture: photo, place: where}[ready && ready.sort] || mic, made = recorder;
    clearInterval(ticking);
    recorder = null;
    wanted = false;
    if (made && made.state !== 'inactive') made.stop();
    shut();
    was.focus();
  });
  draft.addEventListener('keydown', function (event) { if (event.key === 'Escape') drop.click(); });
  stop.addEventListener('click', end);

  photo.addEventListener('click', function () { file.click(); });
  file.addEventListener('change', look);
  photo.hidden = false;
  if (window.isSecureContext && navigator.geolocation) {
    where.addEventListener('click', whereabouts);
    where.hidden = false;
  }

  /* A tap begins and the stop button ends; held down, letting go ends it. */
  if (window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    mic.addEventListener('pointerdown', function (event) {
      if (event.button) return;
      pressedAt = Date.now();
      record();
    });
    mic.addEventListener('click', function () { record(); });
    mic.addEventListener('contextmenu', function (event) { event.preventDefault(); });
    window.addEventListener('pointerup', function () {
      var held = pressedAt && recorder && Date.now() - begun > HOLD;
      pressedAt = 0;
      if (held) end();
    });
    window.addEventListener('pointercancel', function () { pressedAt = 0; });
    mic.hidden = false;
    form.classList.add('speaks');
  }
  chat.relabel = label;
  label();
})();
