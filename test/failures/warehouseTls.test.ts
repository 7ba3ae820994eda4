import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { ask, freshDatabase, silent } from '../support/postgres.js';
import { useFolder } from '../support/useFolder.js';

// Made for this test alone and valid for a century: a certificate authority, and a certificate of it for "localhost".
const authority = `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdUYWxseSBX
YXJlaG91c2UgdGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
MFowIjEgMB4GA1UEAwwXVGFsbHkgV2FyZWhvdXNlIHRlc3QgQ0EwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAARCCWsaoH5R6MUChxEwXJPN0NnGSU9916l6xEhSNG2s
4TEyJ9QQ6r0f0J8iipkKtjRXALz/5tabNlvLTgL/H3yKozIwMDAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBSfkC+B9wB4h9uVJZq7pXeDJzDqdTAKBggqhkjOPQQD
AgNIADBFAiEAzXja4QgzMrTsrk4FK7Qib9ivpVDfsI4r3WFc/JNe0LkCIGz8qpd1
XlYKCfNOhh+UgopK8Yw+i27gXv5ylEIJ8sRQ
-----END CERTIFICATE-----
`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIBAjAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdUYWxseSBX
YXJlaG91c2UgdGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
MFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEbZ7ptK88mLSgsMtShZA8LyujtycPUgatvPqC0TSbtVe5h8TrhfQ85NZE1FIf
EvWDU7HonUZR7lgKrT2vFU7sl6NYMFYwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0G
A1UdDgQWBBSlGTn/7ylwbP0SMRJh1zLPPEpquzAfBgNVHSMEGDAWgBSfkC+B9wB4
h9uVJZq7pXeDJzDqdTAKBggqhkjOPQQDAgNIADBFAiAEwMDZ85JweSWM/l0Qr3lY
oAXByknPX4ylRy+rRUrgXgIhAOVeg3IkhH+BOmu/OPeAFi4N192eL7hvs0g6t5zu
a6Rb
-----END CERTIFICATE-----
`;
const key = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIHtk7DpNBJmTwQC0nfu6qQvMXdKFuKvnYmIB//ZOJgCMoAoGCCqGSM49
AwEHoUQDQgAEbZ7ptK88mLSgsMtShZA8LyujtycPUgatvPqC0TSbtVe5h8TrhfQ8
5NZE1FIfEvWDU7HonUZR7lgKrT2vFU7slw==
-----END EC PRIVATE KEY-----
`;

describe('TLS to the warehouse', function () {
  this.timeout(60_000);
  let url: string;
  const folder = useFolder();
  let rootCert: string;

  const withMode = (parameters: string, host = 'localhost'): string => {
    const changed = new URL(url);
    changed.hostname = host;
    changed.search = parameters;
    return changed.href;
  };
  /** Whether the session is encrypted, as the server sees it. */
  async function encrypted(dbUrl: string): Promise<boolean> {
    const name = `tls ${Math.random()}`;
    const warehouse = await openWarehouse({ dbUrl, dataDir: '', logger: silent, applicationName: name });
    try {
      await warehouse.createStage({ id: 'c', name: 'C' });
      const [row] = await ask(
        url,
        'SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name = $1',
        [name],
      );
      return row!.ssl as boolean;
    } finally {
      await warehouse.close();
    }
  }
  async function switchTls(on: boolean): Promise<void> {
    await ask(url, `ALTER SYSTEM SET ssl = ${on ? 'on' : 'off'}`);
    await ask(url, 'SELECT pg_reload_conf()');
    while ((await ask(url, 'SHOW ssl'))[0]!.ssl !== (on ? 'on' : 'off'));
  }

  before(async () => {
    url = await freshDatabase();
    rootCert = path.join(folder, 'root.crt');
    fs.writeFileSync(rootCert, authority);
    const dataFolder = String((await ask(url, 'SHOW data_directory'))[0]!.data_directory);
    const { uid, gid } = fs.statSync(dataFolder);
    for (const [name, content] of [
      ['server.crt', certificate],
      ['server.key', key],
    ] as const) {
      fs.writeFileSync(path.join(dataFolder, name), content, { mode: 0o600 });
      if (process.getuid?.() === 0) fs.chownSync(path.join(dataFolder, name), uid, gid);
    }
    await switchTls(true);
  });
  after(async () => {
    await switchTls(false);
  });

  it('is used where the server has it, unless sslmode=disable', async () => {
    assert.equal(await encrypted(withMode('')), true);
    assert.equal(await encrypted(withMode('sslmode=prefer')), true);
    assert.equal(await encrypted(withMode('sslmode=disable')), false);
    assert.equal(await encrypted(withMode('sslmode=allow')), false);
  });

  it('does not look at the certificate with sslmode=require', async () => {
    assert.equal(await encrypted(withMode('sslmode=require', '127.0.0.1')), true);
  });

  it('refuses a certificate that it cannot check with sslmode=verify-full', async () => {
    await assert.rejects(encrypted(withMode('sslmode=verify-full')), {
      code: 'warehouse-refused',
      message: /certificate/,
      hint: /who signed the certificate.*add sslrootcert/,
    });
  });

  it('checks authority and host name with sslmode=verify-full and sslrootcert', async () => {
    const parameters = `sslmode=verify-full&sslrootcert=${encodeURIComponent(rootCert)}`;
    assert.equal(await encrypted(withMode(parameters)), true);
    await assert.rejects(encrypted(withMode(parameters, '127.0.0.1')), {
      code: 'warehouse-refused',
      message: /127\.0\.0\.1/,
      hint: /made out to another name/,
    });
  });

  it('checks the authority alone with sslmode=verify-ca, and asks for it', async () => {
    const parameters = `sslmode=verify-ca&sslrootcert=${encodeURIComponent(rootCert)}`;
    assert.equal(await encrypted(withMode(parameters, '127.0.0.1')), true);
    fs.writeFileSync(path.join(folder, 'other.crt'), certificate);
    const other = `sslmode=verify-ca&sslrootcert=${encodeURIComponent(path.join(folder, 'other.crt'))}`;
    await assert.rejects(encrypted(withMode(other)), { code: 'warehouse-refused', message: /certificate/ });
    await assert.rejects(encrypted(withMode('sslmode=verify-ca')), { code: 'config', hint: /sslrootcert/ });
  });

  it('is bound to the password with channel_binding=require, where the server can', async () => {
    assert.equal(await encrypted(withMode('channel_binding=require')), true);
    assert.equal(await encrypted(withMode('channel_binding=require&sslmode=require', '127.0.0.1')), true);
  });

  describe('where the server has none', () => {
    before(() => switchTls(false));
    after(() => switchTls(true));

    it('goes on without it, unless it is required', async () => {
      assert.equal(await encrypted(withMode('')), false);
      await assert.rejects(encrypted(withMode('sslmode=require')), { code: 'warehouse-refused', hint: /sslmode/ });
      await assert.rejects(encrypted(withMode('channel_binding=require')), { code: 'warehouse-refused' });
    });
  });
});
