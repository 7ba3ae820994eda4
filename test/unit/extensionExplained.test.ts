import assert from 'node:assert/strict';
import { EtlError } from '../../src/core/base/errors.js';
import { buttonsFor } from '../../src/extension/notices/buttons.js';
import { errorText } from '../../src/extension/notices/errorWords.js';
import { explained } from '../../src/extension/notices/explained.js';
import type { Origin } from '../../src/extension/settings/configuration.js';
import { checkText } from '../../src/extension/view/runWords.js';

const origin = (given: Partial<Origin> = {}): Origin => ({
  from: { TALLY_URL: 'user', TALLY_COMPANY: 'user', DB_URL: 'user' },
  folder: 'books',
  isOneOfSeveral: false,
  ignoresDotEnv: false,
  localhostOf: undefined,
  ...given,
});
const inDotEnv = origin({ from: { TALLY_URL: 'dotEnv', TALLY_COMPANY: 'user', DB_URL: 'dotEnv' } });
const unreachable = new EtlError(
  'tally-unreachable',
  'Tally cannot be reached at http://localhost:9000.',
  'Check that TALLY_URL names that computer, or raise TALLY_TIMEOUT_SECONDS.',
  { setting: 'TALLY_URL' },
);
const said = (error: EtlError, from: Origin | undefined): string => errorText(explained(error, from));
const button = (error: EtlError, from: Origin | undefined): string => buttonsFor(explained(error, from))[0]!;

describe('a job that fails by a wrong value', () => {
  it('leads to the setting that has it', () => {
    assert.match(said(unreachable, origin()), /that tally\.url names that computer, or raise tally\.timeoutSeconds\.$/);
    assert.equal(button(unreachable, origin()), 'Set Tally Address');
  });

  it('names .env where the value stands there, and opens that file', () => {
    assert.match(said(unreachable, inDotEnv), /that TALLY_URL in \.env names .* raise tally\.timeoutSeconds\.$/);
    assert.equal(button(unreachable, inDotEnv), 'Open .env');
    const refused = new EtlError('warehouse-refused', 'Refused.', 'Set DB_URL again.', { setting: 'DB_URL' });
    assert.equal(said(refused, inDotEnv), 'Refused. Set DB_URL in .env again.');
    assert.equal(button(refused, inDotEnv), 'Open .env');
    const notOpen = new EtlError('company-not-open', 'Not open.', '', { setting: 'TALLY_COMPANY' });
    assert.equal(button(notOpen, inDotEnv), 'Select Company');
  });

  it('says that a .env is ignored until the folder is trusted, and leads there', () => {
    const untrusted = origin({ ignoresDotEnv: true });
    assert.match(said(unreachable, untrusted), /This folder's \.env is ignored until you trust the folder\.$/);
    assert.equal(button(unreachable, untrusted), 'Manage Trust');
  });

  it('says in a remote window what localhost is there, and which address to write', () => {
    for (const [remote, words] of [
      ['wsl', /in WSL, where localhost is Linux .* IP address of Windows/],
      ['dev-container', /localhost is the container.* host\.docker\.internal:9000/],
      ['codespaces', /A codespace cannot reach a Tally in your office/],
      ['ssh-remote', /on another computer \(ssh-remote\), and localhost is that computer.* IP address/],
    ] as const)
      assert.match(said(unreachable, origin({ localhostOf: remote })), words);
    const other = new EtlError('locked', 'Another run is loading.', 'Wait.');
    assert.equal(said(other, origin({ localhostOf: 'wsl', ignoresDotEnv: true })), 'Another run is loading. Wait.');
  });

  it('of the demo is left as it is', () => {
    assert.equal(explained(new EtlError('locked', 'x', 'y'), undefined).message, 'x');
    assert.match(said(unreachable, undefined), /tally\.url/);
  });
});

describe('Check Setup', () => {
  const item = { part: 'tally', ok: false, message: 'No Tally.', remedy: 'Check TALLY_URL.' } as const;

  it('names .env, and the button opens it', () => {
    const { text, buttons } = checkText([item], inDotEnv);
    assert.equal(text, 'No Tally. Check TALLY_URL in .env.');
    assert.deepEqual(buttons, ['Open .env', 'Check Again', 'Show Log']);
  });

  it('says what localhost is in a remote window, and that an untrusted .env is ignored', () => {
    const { text, buttons } = checkText([item], origin({ localhostOf: 'wsl', ignoresDotEnv: true }));
    assert.match(text, /is ignored until you trust the folder\. This window runs in WSL/);
    assert.equal(buttons[0], 'Manage Trust');
  });
});
