// Photos that are still on the device: kept in IndexedDB until the server has said that it holds them.
// silianPhotos({station, post, kept, refused, changed}) gives {add, of, send, load, count, isForgetful}:
// post(form) sends one, kept(body) hears the server's answer, refused(why) that it does not want it,
// changed() that others wait now. Without IndexedDB they are kept while the page lives.
(() => {
  const WIDEST = 1600;
  const SMALL = 96;
  const opened = new Promise((done) => {
    if (!window.indexedDB) return done(null);
    const asked = indexedDB.open("silian-judge", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
  });
  const store = async (mode, ask) => {
    const database = await opened;
    if (!database) return null;
    return new Promise((done, failed) => {
      const doing = database.transaction("photos", mode);
      const asked = ask(doing.objectStore("photos"));
      doing.oncomplete = () => done(asked.result);
      doing.onerror = doing.onabort = () => failed(doing.error);
    });
  };

  const drawn = (picture, widest) => {
    const scale = Math.min(1, widest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const lighter = async (file) => { // a photo of a tablet has ten megabytes: a tenth of that shows as much
    try {
      const picture = await createImageBitmap(file);
      const blob = await new Promise((done) => drawn(picture, WIDEST).toBlob(done, "image/jpeg", 0.85));
      return { blob: blob ?? file, small: drawn(picture, SMALL).toDataURL("image/jpeg", 0.7) };
    } catch { return { blob: file, small: "" }; }
  };

  window.silianPhotos = ({ station, post, kept, refused, changed }) => {
    let waiting = []; // as in the store
    let forgetful = false;
    const load = async () => {
      const all = (await store("readonly", (photos) => photos.getAll()).catch(() => null)) ?? [];
      const known = new Set(waiting.map((one) => one.key));
      waiting.push(...all.filter((one) => one.station === station && !known.has(one.key)));
      changed();
    };
    const add = async (facts, file) => {
      const photo = { key: silianJournal.uuid(), station, ...facts, ...(await lighter(file)), wall: Date.now(), run: performance.now() };
      waiting.push(photo);
      try { if ((await store("readwrite", (photos) => photos.put(photo))) === null) forgetful = true; } catch { forgetful = true; }
      changed();
      send();
    };
    const forget = async (key) => {
      waiting = waiting.filter((one) => one.key !== key);
      await store("readwrite", (photos) => photos.delete(key)).catch(() => {});
    };
    let sending = false;
    const send = async () => {
      if (sending) return;
      sending = true;
      try {
        for (const photo of [...waiting]) {
          const form = new FormData();
          for (const name of ["key", "turn", "criterion", "opening", "device"]) form.append(name, photo[name]);
          form.append("age", silianJournal.age(photo.wall, photo.run));
          form.append("photo", photo.blob, photo.blob.type === "image/png" ? "photo.png" : "photo.jpg");
          const { ok, status, body } = await post(form);
          if (ok) kept(body);
          else if (status === 422) refused(body.error);
          else return;
          await forget(photo.key);
          changed();
        }
      } catch { /* no network: later */ } finally { sending = false; }
    };
    const of = (turn, criterion) => waiting.filter((one) => one.turn === turn && (criterion === undefined || one.criterion === criterion));
    return { add, of, send, load, count: () => waiting.length, isForgetful: () => forgetful };
  };
})();
