import assert from 'node:assert/strict';
import os from 'node:os';
import { isOtherProcess } from '../../src/core/warehouse/embedded/postmaster.js';
import {
  parsePowerShell,
  parseProcStat,
  parsePs,
  processFacts,
} from '../../src/core/warehouse/embedded/processFacts.js';

/** Seconds since 1970. */
const noon = Date.UTC(2026, 10, 29, 12) / 1000;

describe('what the system says of a process', () => {
  it('is read as ps of macOS writes it, with a program whose folder has blanks', () => {
    const line = 'Ss   02-03:04:05 /Applications/Tally Books.app/bin/postgres\n';
    const startedAt = noon - ((2 * 24 + 3) * 60 + 4) * 60 - 5;
    assert.deepEqual(parsePs(line, noon), { name: 'postgres', startedAt, isDead: false });
    assert.deepEqual(parsePs('Z+   04:05 (postgres)', noon)?.isDead, true);
    assert.equal(parsePs('S    01:00:05 Finder', noon)?.startedAt, noon - 3605);
    assert.equal(parsePs('', noon), undefined);
  });

  it('is read as PowerShell writes it, also where it may not see the start', () => {
    assert.deepEqual(parsePowerShell('postgres\r\n2026-11-29T12:00:00Z\r\n'), { name: 'postgres', startedAt: noon });
    assert.deepEqual(parsePowerShell('svchost\r\n'), { name: 'svchost' });
    assert.equal(parsePowerShell(''), undefined);
  });

  it('is read as Linux has it, whatever stands in the name', () => {
    const fields = ['S', ...Array.from({ length: 18 }, () => '0'), '30000', '0', '0'].join(' ');
    assert.deepEqual(parseProcStat(`17 (post (x) gres) ${fields}`, noon), {
      name: 'post (x) gres',
      startedAt: noon + 300,
      isDead: false,
    });
  });

  it('is said of this very process, to within two minutes', async function () {
    this.timeout(20_000);
    const facts = await processFacts(process.pid);
    assert.ok(facts);
    const startedAt = Date.now() / 1000 - process.uptime();
    assert.ok(Math.abs(facts.startedAt! - startedAt) < 120, `${facts.startedAt!} ${startedAt}`);
    assert.ok(facts.startedAt! > Date.now() / 1000 - os.uptime() - 120);
  });
});

describe('a living process that postmaster.pid names', () => {
  const file = { startedAt: noon, writtenAt: noon + 5 };
  const bootedBefore = noon - 3600;
  const bootedAfter = noon + 3600;

  it('is the server if it is a PostgreSQL that started when the file says, whenever the clock says that the computer did', () => {
    for (const name of ['postgres', 'postgres.exe', 'Postgres'])
      for (const bootedAt of [bootedBefore, bootedAfter])
        assert.equal(isOtherProcess(file, { name, startedAt: noon - 1 }, bootedAt), false);
  });

  it('is not if it is another program, another PostgreSQL by its start, or dead', () => {
    assert.equal(isOtherProcess(file, { name: 'Code.exe', startedAt: noon }, bootedBefore), true);
    assert.equal(isOtherProcess(file, { name: 'postgres', startedAt: noon + 7200 }, bootedBefore), true);
    assert.equal(isOtherProcess(file, { name: 'postgres', startedAt: noon - 7200 }, bootedBefore), true);
    assert.equal(isOtherProcess(file, { name: 'postgres', startedAt: noon, isDead: true }, bootedBefore), true);
  });

  it('is not after a power cut, where the system tells only when it was switched on', () => {
    assert.equal(isOtherProcess(file, undefined, bootedAfter), true);
    assert.equal(isOtherProcess(file, { name: 'postgres' }, bootedAfter), true);
    assert.equal(isOtherProcess(file, undefined, bootedBefore), false);
  });
});
