import assert from 'node:assert/strict';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { ask, freshDatabase, silent } from '../support/postgres.js';
import { useFolder } from '../support/useFolder.js';

// Made for this test alone: a certificate authority, its certificate for "localhost" that expired at the end of 2020,
// and a self-signed certificate that is valid for a century.
const authority = `-----BEGIN CERTIFICATE-----
MIIBazCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAkMSIwIAYDVQQDDBlUYWxseSBX
YXJlaG91c2UgdGVzdCBDQSAyMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAw
MDAwWjAkMSIwIAYDVQQDDBlUYWxseSBXYXJlaG91c2UgdGVzdCBDQSAyMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEFZZ5Tp/Io+0Z4dwYwjXZMdOssv5K7Nk/3hUb
LrS/sth0GPBMTfI7e4s3LQdndCMqlbjhNS258McpReEumBENMaMyMDAwDwYDVR0T
AQH/BAUwAwEB/zAdBgNVHQ4EFgQUW6GN9N5LtPhwac4NlPAx0nN1ofUwCgYIKoZI
zj0EAwIDSAAwRQIgW6SQF3EZLN3fkLO/NhKulAR/IZW+9iFmOp88ZlZ6jSUCIQCF
75LvcI8hW8ByaPUU2aDKmNVqCWBk+QB0UZnwlPIHkA==
-----END CERTIFICATE-----
`;
const expired = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIBAjAKBggqhkjOPQQDAjAkMSIwIAYDVQQDDBlUYWxseSBX
YXJlaG91c2UgdGVzdCBDQSAyMB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAw
MFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAExxRxY9YdJxdNBZt19gDLJE6bHM75tXI4E1Z2SZrgnJSZGYYCv5PRnpcqbyCx
rgPqLmELp2SylL3YNg5WnikC+6NYMFYwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0G
A1UdDgQWBBTGHcXbgaCwSYn19sKtHKX13VsbNzAfBgNVHSMEGDAWgBRboY303ku0
+HBpzg2U8DHSc3Wh9TAKBggqhkjOPQQDAgNHADBEAiBbTxFemKqezCoilC9GpcdB
RwnxP2PP1noULuCSv01bgwIgIakzdcQtY/k59nmNQakD/SqpJdUwZLmrJHwpSZvO
bEY=
-----END CERTIFICATE-----
`;
const selfSigned = `-----BEGIN CERTIFICATE-----
MIIBTzCB9qADAgECAgEDMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExxRxY9YdJxdNBZt1
9gDLJE6bHM75tXI4E1Z2SZrgnJSZGYYCv5PRnpcqbyCxrgPqLmELp2SylL3YNg5W
nikC+6M3MDUwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBTGHcXbgaCw
SYn19sKtHKX13VsbNzAKBggqhkjOPQQDAgNIADBFAiEA8EwV5KJhouk/WCSsH7ID
Ns7hbSrSK93h8b7PMZSGAIkCIEYE3XASMnmwRmNX5FnBS82ZICx9ZOm1SlqeaUEe
A96C
-----END CERTIFICATE-----
`;
const key = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIBIKx5yDXb1NQ3sxVyGrd9X+TAoEYg8rWsFQwRb359QToAoGCCqGSM49
AwEHoUQDQgAExxRxY9YdJxdNBZt19gDLJE6bHM75tXI4E1Z2SZrgnJSZGYYCv5PR
npcqbyCxrgPqLmELp2SylL3YNg5WnikC+w==
-----END EC PRIVATE KEY-----
`;

const open = async (dbUrl: string): Promise<void> =>
  (await openWarehouse({ dbUrl, dataDir: '', logger: silent, applicationName: 'tls' })).close();

describe('a PostgreSQL server whose certificate is worth nothing', function () {
  this.timeout(60_000);
  let url: string;
  const folder = useFolder();
  let dataFolder: string;
  const file = (name: string): string => path.join(folder, name);

  const withMode = (mode: string, rootCert?: string): string => {
    const changed = new URL(url);
    changed.hostname = 'localhost';
    changed.search = `sslmode=${mode}${rootCert === undefined ? '' : `&sslrootcert=${encodeURIComponent(file(rootCert))}`}`;
    return changed.href;
  };
  async function serve(certificate: string): Promise<void> {
    const { uid, gid } = fs.statSync(dataFolder);
    for (const [name, content] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
      fs.writeFileSync(path.join(dataFolder, name), content, { mode: 0o600 });
      if (process.getuid?.() === 0) fs.chownSync(path.join(dataFolder, name), uid, gid);
    }
    await ask(url, 'ALTER SYSTEM SET ssl = off');
    await reload('off');
    await ask(url, 'ALTER SYSTEM SET ssl = on');
    await reload('on');
  }
  async function reload(ssl: string): Promise<void> {
    await ask(url, 'SELECT pg_reload_conf()');
    while ((await ask(url, 'SHOW ssl'))[0]!.ssl !== ssl);
  }

  before(async () => {
    url = await freshDatabase();
    dataFolder = String((await ask(url, 'SHOW data_directory'))[0]!.data_directory);
    for (const [name, content] of Object.entries({
      'authority.crt': authority,
      'self.crt': selfSigned,
      'no.crt': 'none',
    }))
      fs.writeFileSync(file(name), content);
  });
  after(async () => {
    await ask(url, 'ALTER SYSTEM SET ssl = off');
    await reload('off');
  });

  it('is refused by verify-full and verify-ca when the certificate has expired', async () => {
    await serve(expired);
    for (const mode of ['verify-full', 'verify-ca', 'require'])
      await assert.rejects(
        open(withMode(mode, 'authority.crt')),
        { code: 'warehouse-refused', message: /expired/ },
        mode,
      );
    await open(withMode('require')); // encrypted, with any server: `require` checks no more
  });

  it('is refused when the certificate vouches for itself, unless it is the root that was given', async () => {
    await serve(selfSigned);
    await assert.rejects(open(withMode('verify-full')), {
      code: 'warehouse-refused',
      message: /self-signed|certificate/,
    });
    await assert.rejects(open(withMode('verify-full', 'authority.crt')), {
      code: 'warehouse-refused',
      hint: /sslrootcert/,
    });
    await open(withMode('verify-full', 'self.crt'));
  });

  it('is refused when the file of the root certificate holds none', async () => {
    await serve(selfSigned);
    for (const mode of ['verify-full', 'verify-ca', 'require'])
      await assert.rejects(open(withMode(mode, 'no.crt')), { code: 'warehouse-refused', message: /certificate/ }, mode);
  });
});

describe('a stranger between us and PostgreSQL who says that there is no encryption', () => {
  /** All that the stranger is sent after it has answered the question for encryption with `answer`. */
  async function told(mode: string, answer: string): Promise<string> {
    let heard = Buffer.alloc(0);
    const stranger = net.createServer((socket) => {
      let asked = false;
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        if (!asked && bytes.length === 8 && bytes.readInt32BE(4) === 80877103) {
          asked = true;
          socket.write(answer);
          return;
        }
        heard = Buffer.concat([heard, bytes]);
        // AuthenticationCleartextPassword, as an attacker would ask.
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        if (heard.includes('S3cret')) socket.end();
      });
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    try {
      await assert.rejects(open(`postgres://me:S3cret@127.0.0.1:${port}/books?sslmode=${mode}`));
      return heard.toString('latin1');
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  }

  it('hears neither the user nor the password with sslmode=require and above', async () => {
    for (const mode of ['require', 'verify-full']) assert.equal(await told(mode, 'N'), '', mode);
  });

  it('hears neither the database nor the password when the encryption breaks', async () => {
    for (const mode of ['require', 'verify-full']) {
      const heard = await told(mode, 'Sno encryption after all');
      assert.doesNotMatch(heard, /S3cret|books/, mode);
    }
  });

  it('hears the password with sslmode=prefer, which is what prefer means', async () => {
    assert.match(await told('prefer', 'N'), /S3cret/);
  });
});
