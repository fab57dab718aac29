/* Draws what the fake Official Account took since, and posts without loading the page anew. */
(function () {
  'use strict';

  var log = document.getElementById('log'), field = document.getElementById('text'), last = '';

  function end() { log.scrollTop = log.scrollHeight; }

  function look() {
    return fetch(log.dataset.lines).then(function (answer) {
      return answer.ok ? answer.text() : last;
    }).then(function (lines) {
      // Where she is writing a number, nothing is taken from under her fingers.
      var here = document.activeElement;
      if (lines === last || here.tagName === 'INPUT' && log.contains(here) && here.value) return;
      // The first time too: something may have come while the page was on its way.
      log.innerHTML = last = lines;
      end();
    }).catch(function () { /* the demo was stopped */ });
  }

  document.addEventListener('submit', function (event) {
    var form = event.target, said = new URLSearchParams(new FormData(form));
    event.preventDefault();
    if (event.submitter && event.submitter.name) said.set(event.submitter.name, event.submitter.value);
    if (form.id === 'write') { if (!field.value.trim()) return; field.value = ''; }
    if (document.activeElement !== field) document.activeElement.blur();
    fetch(form.action, {method: 'POST', body: said}).then(look, look);
  });
  log.addEventListener('load', end, true); // a picture makes the lines longer when it comes
  setInterval(function () { if (!document.hidden) look(); }, 1000);
  look();
  end();
})();
