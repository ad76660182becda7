// Where this phone keeps what the server has not acknowledged: IndexedDB, else localStorage, else this page alone.
// One store a session (its slug). An item gets a number `n` when it is put, and is read back in that order.

window.academy = window.academy || {};

academy.openStore = async function (name) {
  const database = `academy-${name}`;
  const loose = []; // what could be written nowhere: gone with this page
  let connection = null;

  function settled(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function connect() {
    if (connection) return connection;
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("items", { keyPath: "n", autoIncrement: true });
    // Some browsers never answer in a private window.
    const patience = new Promise((_resolve, reject) => setTimeout(reject, 3000));
    connection = await Promise.race([settled(opening), patience]);
    connection.onversionchange = connection.onclose = () => { connection?.close(); connection = null; };
    return connection;
  }

  // Some browsers lose their database while a page sleeps: one more try with a new connection.
  async function inDatabase(mode, ask) {
    try {
      return await transact(mode, ask);
    } catch {
      connection = null;
      return transact(mode, ask);
    }
  }

  // Done when the disk has it: a battery may die now.
  async function transact(mode, ask) {
    const open = await connect();
    const transaction = open.transaction("items", mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const [answer] = await Promise.all([settled(ask(transaction.objectStore("items"))), done]);
    return answer;
  }

  const withDatabase = {
    all: () => inDatabase("readonly", (items) => items.getAll()),
    put: (item) => inDatabase("readwrite", (items) => items.put(item)),
    remove: (n) => inDatabase("readwrite", (items) => items.delete(n)),
  };

  function read() {
    return JSON.parse(localStorage.getItem(database) || "[]");
  }

  function write(items) {
    if (items.length) localStorage.setItem(database, JSON.stringify(items));
    else localStorage.removeItem(database);
  }

  const withStorage = {
    all: async () => read(),
    put: async (item) => {
      const items = read();
      const n = item.n ?? 1 + Math.max(0, ...items.map((other) => other.n));
      write([...items.filter((other) => other.n !== n), { ...item, n }].sort((a, b) => a.n - b.n));
    },
    remove: async (n) => write(read().filter((item) => item.n !== n)),
  };

  let kept = withDatabase;
  try {
    await kept.all();
    for (const { n, ...item } of read()) {
      await kept.put(item);
      await withStorage.remove(n);
    }
  } catch {
    kept = withStorage;
  }

  return {
    // What is written nowhere comes last: it was put when writing had begun to fail.
    async all() {
      try {
        return [...await kept.all(), ...loose];
      } catch {
        return [...loose];
      }
    },

    async put(item) {
      const known = loose.findIndex((other) => other.n === item.n);
      try {
        if (known >= 0) loose[known] = item;
        else await kept.put(item);
      } catch {
        loose.push({ ...item, n: item.n ?? `loose-${academy.uuid()}` });
      }
    },

    async remove(n) {
      const known = loose.findIndex((item) => item.n === n);
      if (known >= 0) loose.splice(known, 1);
      else await kept.remove(n);
    },

    isLoose: () => loose.length > 0,

    async clear() {
      loose.length = 0;
      connection?.close();
      connection = null;
      try { indexedDB.deleteDatabase(database); } catch { /* there is none */ }
      try { localStorage.removeItem(database); } catch { /* nor this */ }
    },
  };
};
