import assert from 'node:assert/strict';
import { CopyQueue } from '../../src/core/warehouse/load/copyQueue.js';
import type { Column } from '../../src/core/warehouse/load/column.js';
import type { Connection } from '../../src/core/warehouse/postgres/connection.js';

const columns: Column<string>[] = [{ name: 'text', type: 'text', value: (row) => row }];
const rowOf = (kilobytes: number): string => 'x'.repeat(kilobytes * 1024);

describe('the queue of COPY', () => {
  it('lets tables with few rows wait for more, and sends all of them in the end', async () => {
    const sent: string[] = [];
    const copyIn = (sql: string): Promise<void> => {
      sent.push(/pg_temp\.(\w+)/.exec(sql)![1]!);
      return Promise.resolve();
    };
    const queue = new CopyQueue({ copyIn } as unknown as Connection);
    queue.put('few', columns, [rowOf(1)]);
    await queue.flow();
    assert.deepEqual(sent, []);
    queue.put('many', columns, [rowOf(900), rowOf(200)]);
    await queue.flow();
    assert.deepEqual(sent, ['many']);
    queue.put('few', columns, [rowOf(1)]);
    await queue.flow();
    assert.deepEqual(sent, ['many']);
    await queue.drain();
    assert.deepEqual(sent, ['many', 'few']);
  });
});
