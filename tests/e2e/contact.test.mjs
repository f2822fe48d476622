// frontdesk contact: by hand, out of files and into them.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { remove, root, run, scratch } from './stack.mjs';

describe('the command contact', () => {
  let folder, env;
  const contact = (...args) => run(['contact', ...args], { env });
  const ok = async (...args) => {
    const got = await contact(...args);
    assert.equal(got.code, 0, `contact ${args.join(' ')}: ${got.err}`);
    return got.out;
  };
  const write = (name, text) => {
    const where = path.join(folder, name);
    fs.writeFileSync(where, text);
    return where;
  };
  before(async () => {
    folder = scratch();
    env = { FRONTDESK_DATA: path.join(folder, 'data') };
    fs.mkdirSync(env.FRONTDESK_DATA);
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
    assert.equal((await run(['business', 'add', path.join(root, 'businesses', 'plumbing.json')], { env })).code, 0);
  });
  after(() => remove(folder));

  test('somebody is added, changed and shown with who said it', async () => {
    const id = (await ok('add', '(860) 555-0134', '--name', 'Dana Reed', '--systems', 'Lutron lighting; Control4')).trim();
    assert.match(id, /^person_/);
    const again = await contact('add', '860.555.0134', '--name', 'Eve');
    assert.equal(again.code, 1);
    assert.match(again.err, new RegExp(`known already: .frontdesk contact set ${id}`));
    assert.equal(await ok('set', '8605550134', '--birthday', '05-14'), 'birthday: --05-14\n');
    assert.equal(await ok('set', id, '--birthday', '05-14'), 'Nothing is different.\n');
    const bad = await contact('set', id, '--email', 'dana at reed', '--preferred', 'pigeon');
    assert.equal(bad.code, 1);
    assert.match(bad.err, /--email is no e-mail address.*\n.*--preferred must be one of/);
    const shown = await ok('show', id);
    assert.match(shown, /systems +Lutron lighting, Control4 +\(by hand\)/);
    const json = JSON.parse(await ok('show', id, '--json'));
    assert.deepEqual([json.name, json.birthday, json.number_key], ['Dana Reed', '--05-14', undefined]);
    assert.equal(await ok('set', id, '--birthday', ''), 'birthday: (taken away)\n');
  });

  test('a file is tried, taken, and changes nothing the second time', async () => {
    const file = write('people.csv', '\ufeffPhone;First Name;Last Name;VIP\r\n' +
      '860 555 0150;Kim;"Bell; Sr.";yes\r\n12;Nobody;;\r\n(860) 555-0134;Dana;Reed;\r\n');
    const dry = await contact('import', file, '--dry-run');
    assert.equal(dry.code, 1);
    assert.match(dry.out, /^\(dry run, nothing was written\) 3 rows: 1 new, 0 changed, 1 as they were, 1 left out$/m);
    assert.match(dry.err, /people\.csv:3: "12" is no telephone number that can be called: write it/);
    assert.doesNotMatch(dry.err, /rows read/); // a progress line is for terminals
    assert.equal((await contact('show', '8605550150')).code, 1);
    assert.match((await contact('import', file)).out, /^3 rows: 1 new, 0 changed, 1 as they were, 1 left out$/m);
    assert.match((await contact('import', file)).out, /^3 rows: 0 new, 0 changed, 2 as they were, 1 left out$/m);
    assert.match(await ok('list', 'bell'), /^person_\S+ +\(860\)\u00a0555-0150 +Kim Bell; Sr\. .* vip$/m);
    const none = await contact('import', path.join(folder, 'nowhere.csv'));
    assert.deepEqual([none.code, /nowhere\.csv cannot be read: No such file/.test(none.err)], [1, true]);
  });

  test('two are merged, and all go out into a file that no spreadsheet runs', async () => {
    await ok('set', '8605550150', '--notes', '=HYPERLINK("x")');
    assert.match(await ok('merge', '8605550134', '8605550150'), /and +\(860\)\u00a0555-0150/);
    const twice = await contact('merge', '8605550134', '8605550150');
    assert.deepEqual([twice.code, twice.err], [1, 'frontdesk: They are one already\n']);
    const file = path.join(folder, 'out.csv');
    assert.equal(await ok('export', file), `${file}: 1 contacts\n`);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const text = fs.readFileSync(file, 'utf8');
    assert.match(text, /^'\+18605550134,Dana Reed,/m);
    assert.match(text, /,"'=HYPERLINK\(""x""\)",/);
    assert.doesNotMatch(text, /(^|,)"?[=+@-]/m);
    assert.equal((await contact('export', file)).code, 1); // never over a file that is there
    assert.equal(await ok('export'), text);
    assert.match((await contact('import', file)).out, /1 rows: 0 new, 0 changed, 1 as they were/);
  });

  test('what is asked wrongly is said', async () => {
    for (const args of [[], ['frob'], ['show'], ['merge', 'a'], ['add', '8605550199'], ['set', '8605550134'], ['list', '--frob']])
      assert.equal((await contact(...args)).code, 2, args.join(' '));
    assert.equal((await contact('show', '8605550111')).code, 1);
  });
});
