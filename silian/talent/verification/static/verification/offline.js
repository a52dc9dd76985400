// Verifies the code of a certificate without a server: Ed25519 by the browser where it has it,
// by TweetNaCl elsewhere; what no longer counts from a signed list, whose age is told.
"use strict";
(function () {
  var facts = JSON.parse(document.getElementById("facts").textContent);
  var age = document.getElementById("age");
  var result = document.getElementById("result");
  var code = document.getElementById("code");
  var DAY = 86400000;
  var status = null;

  function fromHex(text) {
    return Uint8Array.from(text.match(/../g) || [], function (pair) { return parseInt(pair, 16); });
  }

  function fromBase64(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (letter) { return letter.charCodeAt(0); });
  }

  function joined(words, bytes) {
    var head = new TextEncoder().encode(words);
    var all = new Uint8Array(head.length + bytes.length);
    all.set(head);
    all.set(bytes, head.length);
    return all;
  }

  async function fits(key, signature, message) {
    if (window.crypto && crypto.subtle) {
      try {
        var known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
        return await crypto.subtle.verify("Ed25519", known, signature, message);
      } catch (unknownToThisBrowser) {
        // TweetNaCl below
      }
    }
    return window.nacl.sign.detached.verify(message, signature, key);
  }

  // The code names its key by four bytes; the page knows those of every key.
  function keyOf(wanted) {
    var place = facts.ids.indexOf(wanted);
    return place < 0 ? null : fromHex(facts.keys[place]);
  }

  function toHex(bytes) {
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  // Takes a list where its signature fits a key of this page and it is newer than the one in use.
  async function take(list) {
    var message = joined("silian status 1\n", new TextEncoder().encode(list.text));
    var good = facts.keys.includes(list.key) && (await fits(fromHex(list.key), fromHex(list.signature), message));
    if (!good) {
      if (!status) age.textContent = age.dataset.bad;
      return false;
    }
    var found = JSON.parse(list.text);
    if (!status || found.made > status.made) status = found;
    var days = Math.floor((Date.now() - Date.parse(status.made)) / DAY);
    var words = days > 0 ? age.dataset.words : age.dataset.today;
    age.textContent = words.replace("{n}", days).replace("{day}", status.made.slice(0, 10));
    return true;
  }

  function tell(outcome, said) {
    result.hidden = false;
    result.className = outcome === "valid" ? "good" : "";
    result.dataset.outcome = outcome;
    result.querySelector("h2").textContent = result.dataset[outcome];
    result.querySelector("dl").hidden = !said;
    if (!said) return;
    result.querySelectorAll("[data-place]").forEach(function (place) {
      place.textContent = said[Number(place.dataset.place)] || "—";
    });
  }

  async function verify(text) {
    var bytes;
    try {
      bytes = fromBase64(text.trim().split("#").pop());
    } catch (unreadable) {
      return tell("unreadable");
    }
    if (bytes.length < 70 || bytes[0] !== 1) return tell("unreadable");
    var key = keyOf(toHex(bytes.slice(1, 5)));
    if (!key) return tell("key");
    var body = bytes.slice(69);
    if (!(await fits(key, bytes.slice(5, 69), joined("silian certificate 1\n", body)))) return tell("false");
    var said = JSON.parse(new TextDecoder().decode(body));
    return tell(outcomeOf(said), said);
  }

  function outcomeOf(said) {
    if (status && status.revoked.includes(said[0])) return "revoked";
    if (status && status.corrected.includes(said[0])) return "corrected";
    var today = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    return said[8] && said[8] < today ? "expired" : "valid";
  }

  async function readPicture(file) {
    var picture = await createImageBitmap(file);
    var scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    var canvas = document.createElement("canvas");
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    var pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    var points = pen.getImageData(0, 0, canvas.width, canvas.height);
    var found = window.jsQR(points.data, points.width, points.height);
    if (!found) return tell("unreadable");
    code.value = found.data;
    return verify(found.data);
  }

  document.getElementById("form").addEventListener("submit", function (event) {
    event.preventDefault();
    verify(code.value);
  });
  document.getElementById("picture").addEventListener("change", function (event) {
    if (event.target.files.length) readPicture(event.target.files[0]);
  });
  document.getElementById("list").addEventListener("change", async function (event) {
    if (event.target.files.length) take(JSON.parse(await event.target.files[0].text()));
  });
  take(facts.status).then(function () {
    if (location.hash.length > 1) {
      code.value = location.hash.slice(1);
      verify(code.value);
    }
  });
})();
