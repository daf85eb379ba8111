// node-zookeeper-client from npm: its calls, watches and transactions. usage: client.js HOST:PORT,...
'use strict';

const zookeeper = require('node-zookeeper-client');

const ROOT = '/node-client';
const SECONDS_MAX = 80;

function connect() {
  const client = zookeeper.createClient(process.argv[2], { sessionTimeout: 10000 });
  return new Promise((resolve) => {
    client.once('connected', () => resolve(client));
    client.connect();
  });
}

// A call with a callback (error, ...results) as a promise of the results.
function call(client, name, ...args) {
  return new Promise((resolve, reject) => {
    client[name](...args, (error, ...results) => (error ? reject(error) : resolve(results)));
  });
}

function plain(value) {
  if (Buffer.isBuffer(value)) {
    return `'${value.toString()}'`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(plain).join(', ')}]`;
  }
  if (value && value.czxid) {
    const owned = !value.ephemeralOwner.equals(Buffer.alloc(8));
    return `v${value.version} cv${value.cversion} av${value.aversion} length=${value.dataLength} ` +
      `children=${value.numChildren} owned=${owned}`;
  }
  if (value && value.permission !== undefined) {
    return `${value.permission} ${value.id.scheme}:${value.id.id}`;
  }
  return value && value.type !== undefined && value.path !== undefined ? `${value.type} ${value.path}` : `${value}`;
}

function show(name, value) {
  console.log(`${name}: ${plain(value)}`);
}

async function attempt(client, name, method, ...args) {
  try {
    const results = await call(client, method, ...args);
    results.filter(Array.isArray).forEach((list) => typeof list[0] === 'string' && list.sort());
    show(name, results);
  } catch (error) {
    show(name, `error ${error.name || error} ${error.getCode ? error.getCode() : ''}`);
  }
}

// What is called with an event, and the promise of that event.
function watcher() {
  let seen;
  const event = new Promise((resolve) => { seen = resolve; });
  return [(came) => seen(`${came.getName()} ${came.getPath()}`), event];
}

async function data(client) {
  const { PERSISTENT, EPHEMERAL, PERSISTENT_SEQUENTIAL, EPHEMERAL_SEQUENTIAL } = zookeeper.CreateMode;
  await attempt(client, 'create', 'create', ROOT, Buffer.from('root'));
  await attempt(client, 'create again', 'create', ROOT, Buffer.from('root'));
  await attempt(client, 'create below nothing', 'create', `${ROOT}/none/at/all`);
  for (const mode of [PERSISTENT, EPHEMERAL, PERSISTENT_SEQUENTIAL, EPHEMERAL_SEQUENTIAL]) {
    await attempt(client, `create mode ${mode}`, 'create', `${ROOT}/m${mode}-`, Buffer.from('x'), mode);
  }
  await attempt(client, 'create with parents', 'mkdirp', `${ROOT}/deep/er`);
  await attempt(client, 'get', 'getData', ROOT);
  await attempt(client, 'get nothing', 'getData', `${ROOT}/none`);
  await attempt(client, 'exists', 'exists', ROOT);
  await attempt(client, 'exists nothing', 'exists', `${ROOT}/none`);
  await attempt(client, 'set', 'setData', ROOT, Buffer.from('second'), 0);
  await attempt(client, 'set an old version', 'setData', ROOT, Buffer.from('third'), 0);
  await attempt(client, 'children', 'getChildren', ROOT);
  await attempt(client, 'child of an ephemeral', 'create', `${ROOT}/m1-/x`);
  await attempt(client, 'remove a parent', 'remove', ROOT, -1);
  await attempt(client, 'remove an old version', 'remove', `${ROOT}/m0-`, 4);
  await attempt(client, 'remove', 'remove', `${ROOT}/m0-`, 0);
  await attempt(client, 'remove again', 'remove', `${ROOT}/m0-`, -1);
}

async function watches(client) {
  let [onEvent, event] = watcher();
  await attempt(client, 'watch what is not there', 'exists', `${ROOT}/w`, onEvent);
  await attempt(client, 'create it', 'create', `${ROOT}/w`);
  show('event', await event);
  [onEvent, event] = watcher();
  await attempt(client, 'watch its data', 'getData', `${ROOT}/w`, onEvent);
  await attempt(client, 'set it', 'setData', `${ROOT}/w`, Buffer.from('1'));
  show('event', await event);
  [onEvent, event] = watcher();
  await attempt(client, 'watch its children', 'getChildren', `${ROOT}/w`, onEvent);
  await attempt(client, 'create one', 'create', `${ROOT}/w/x`);
  show('event', await event);
  [onEvent, event] = watcher();
  await attempt(client, 'watch its data', 'getData', `${ROOT}/w/x`, onEvent);
  await attempt(client, 'remove it', 'remove', `${ROOT}/w/x`);
  show('event', await event);
}

function commit(transaction) {
  return new Promise((resolve) => {
    transaction.commit((error, results) => resolve([error ? error.name : 'committed', results]));
  });
}

async function transactions(client) {
  let [outcome, results] = await commit(client.transaction()
    .create(`${ROOT}/t`, Buffer.from('1')).setData(`${ROOT}/t`, Buffer.from('2'), 0).check(`${ROOT}/t`, 1)
    .create(`${ROOT}/t/a`).remove(`${ROOT}/t/a`, 0));
  show('transaction', [outcome, results.map((result) => result.type)]);
  [outcome, results] = await commit(client.transaction()
    .setData(`${ROOT}/t`, Buffer.from('3')).remove(`${ROOT}/none`).remove(`${ROOT}/t`));
  show('failing transaction', [outcome, results.map((result) => result.err)]);
  await attempt(client, 'unchanged', 'getData', `${ROOT}/t`);
}

async function permissions(client, guest) {
  const { ACL, Id, Permission } = zookeeper;
  const mine = [new ACL(Permission.ALL, new Id('auth', ''))];
  await attempt(client, 'creator without credentials', 'create', `${ROOT}/p`, Buffer.from(''), mine);
  client.addAuthInfo('digest', Buffer.from('alice:a'));
  await attempt(client, 'creator', 'create', `${ROOT}/p`, Buffer.from('x'), mine);
  await attempt(client, 'acl', 'getACL', `${ROOT}/p`);
  await attempt(guest, 'a write of the guest', 'setData', ROOT, Buffer.from(''));
  await attempt(guest, 'guest gets', 'getData', `${ROOT}/p`);
  await attempt(guest, 'guest sets', 'setData', `${ROOT}/p`, Buffer.from(''));
  await attempt(client, 'set acl', 'setACL', `${ROOT}/p`, ACL.READ_ACL_UNSAFE, 0);
  await attempt(client, 'set acl again', 'setACL', `${ROOT}/p`, ACL.OPEN_ACL_UNSAFE, 0);
}

async function main() {
  const client = await connect();
  const guest = await connect();
  await data(client);
  await watches(client);
  await transactions(client);
  await permissions(client, guest);
  client.close();
  guest.close();
}

const limit = setTimeout(() => { console.error('not done in time'); process.exit(1); }, SECONDS_MAX * 1000);
main().then(() => clearTimeout(limit), (error) => { console.error(error); process.exit(1); });
