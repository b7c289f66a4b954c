// Two laptops of PouchDB, and express-pouchdb as their server; both keep LevelDB files.
// `pouch_laptops.js serve FOLDER` tells its port; `pouch_laptops.js URL FOLDER RECORDS CHANGES ROUNDS` answers one
// stage, `{records, seconds}`, for each line it is told.
"use strict";
const readline = require("readline");
const PouchDB = require("pouchdb");

const [what, folder, records, changes, rounds] = process.argv.slice(2).map((word, n) => (n > 1 ? Number(word) : word));

function serve() {
  const app = require("express")();
  const options = { logPath: folder + "/log.txt", configPath: folder + "/config.json", mode: "minimumForPouchDB" };
  app.use("/", require("express-pouchdb")(PouchDB.defaults({ prefix: folder + "/" }), options));
  const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address().port)));
}

async function laptops() {
  const one = new PouchDB(folder + "/one");
  const other = new PouchDB(folder + "/other");
  let address = what;
  const there = () => new PouchDB(address + "/shared");
  await there().info();
  const docs = Array.from({ length: records }, (_, n) => ({ _id: "practice-" + n, name: "Cabinet", city: "Laval" }));
  const made = await one.bulkDocs(docs);
  made.forEach((answer, n) => (docs[n]._rev = answer.rev));
  const timed = async (work) => {
    const began = process.hrtime.bigint();
    const done = await work();
    if (!done.ok || done.errors.length) throw new Error(JSON.stringify(done));
    return Number(process.hrtime.bigint() - began) / 1e9;
  };
  const up = () => one.replicate.to(there(), { batch_size: 500 });
  const down = () => other.replicate.from(there(), { batch_size: 500 });
  const stages = {
    push: async () => [records, await timed(up)],
    pull: async () => [records, await timed(down)],
    change: async () => {
      await one.bulkDocs(docs.slice(0, changes).map((doc, n) => ({ ...doc, city: "Le Mans " + n })));
      return [changes, await timed(up)];
    },
    quiet: async () => {
      const times = [];
      for (let round = 0; round < rounds; round++) {
        times.push((await timed(up)) + (await timed(() => one.replicate.from(there(), { batch_size: 500 }))));
      }
      return [rounds, Math.min(...times)];
    },
  };
  console.log(JSON.stringify("ready"));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [stage, here] = line.trim().split(" ");
    address = here;
    const [count, seconds] = await stages[stage]();
    console.log(JSON.stringify({ records: count, seconds }));
  }
  process.exit(0);
}

if (what === "serve") serve();
else laptops();
