// Preloaded by node --import: notes every change of the disk that promptv makes through node:fs, and kills the
// process before or after the one that PROMPTV_TEST_KILL_WRITE=N:before|after names.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const changing =
  'writeFile appendFile rename unlink rm rmdir mkdir link symlink copyFile truncate chmod utimes'.split(' ');
const onDescriptors = ['write', 'writev', 'ftruncate', 'fsync'];
const handleMethods = ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync'];

const logFile = process.env.PROMPTV_TEST_WRITE_LOG;
const [killAt, moment] = (process.env.PROMPTV_TEST_KILL_WRITE ?? ':').split(':');
const { appendFileSync } = { appendFileSync: fs.appendFileSync.bind(fs) };
let count = 0;
let logging = false;

const die = () => process.kill(process.pid, 'SIGKILL');

/** Notes a step, dies before it if asked to, and returns whether to die after it. */
const begin = (name, target) => {
  count += 1;
  if (logFile) {
    logging = true;
    appendFileSync(logFile, `${name} ${typeof target === 'object' ? '' : target}\n`);
    logging = false;
  }
  const chosen = String(count) === killAt;
  if (chosen && moment === 'before') die();
  return chosen;
};

const opensForWriting = (flags) =>
  typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? 'r');
const isStandardStream = (target) => target === 0 || target === 1 || target === 2;
const counts = (name, args) =>
  !logging && !isStandardStream(args[0]) && (!/^open(Sync)?$/.test(name) || opensForWriting(args[1]));

/** Replaces a function of `owner`, keeping its properties: util.promisify reads hidden ones. */
const replace = (owner, name, make) => {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const replacement = make(original);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
  owner[name] = replacement;
};

const watchSync = (name) =>
  replace(
    fs,
    name,
    (original) =>
      function (...args) {
        if (!counts(name, args)) return original.apply(this, args);
        const last = begin(name, args[0]);
        const result = original.apply(this, args);
        if (last) die();
        return result;
      },
  );

const watchCallback = (name) =>
  replace(
    fs,
    name,
    (original) =>
      function (...args) {
        const callback = args.at(-1);
        if (!counts(name, args) || typeof callback !== 'function') return original.apply(this, args);
        const last = begin(name, args[0]);
        args[args.length - 1] = function (...results) {
          if (last) die();
          return callback.apply(this, results);
        };
        return original.apply(this, args);
      },
  );

const watchPromise = (owner, name, label = name) =>
  replace(
    owner,
    name,
    (original) =>
      async function (...args) {
        if (!counts(name, args)) return original.apply(this, args);
        const last = begin(label, owner === fs.promises ? args[0] : '');
        const result = await original.apply(this, args);
        if (last) die();
        return result;
      },
  );

// Hooks and other node programs inherit NODE_OPTIONS; only the command itself is watched.
if (basename(process.argv[1] ?? '') === 'promptv.js') {
  const handle = await fs.promises.open(process.execPath, 'r');
  const handlePrototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of [...changing, 'open']) watchPromise(fs.promises, name);
  for (const name of handleMethods) watchPromise(handlePrototype, name, `handle.${name}`);
  for (const name of [...changing, ...onDescriptors, 'open']) watchCallback(name);
  for (const name of [...changing, ...onDescriptors, 'open']) watchSync(`${name}Sync`);
  syncBuiltinESMExports();
}
