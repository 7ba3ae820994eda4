import { t } from '@vscode/l10n';
import { unreadable, webPage } from '../answerErrors.js';
import type { TallyClient } from './client.js';
import { decodeAnswer, detectEncoding } from '../xml/encoding.js';
import { readText } from '../xml/xmlText.js';

const maxBytes = 65_536;

/**
 * Requests Tally's `/status` and returns its text (`TallyPrime Server is Running`). Fails with the codes `tally-*` and
 * `answer-*`.
 */
export async function probe(client: TallyClient, signal?: AbortSignal): Promise<string> {
  const answer = await client.get('/status', signal);
  const chunks: Buffer[] = [];
  try {
    let length = 0;
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } finally {
    await answer.close();
  }
  const bytes = Buffer.concat(chunks);
  const { encoding, bomLength } = detectEncoding(bytes, answer.charset);
  const text = decodeAnswer(bytes.subarray(bomLength), encoding);
  const words = /<RESPONSE>(.*?)<\/RESPONSE>/s.exec(text)?.[1];
  if (words === undefined)
    throw (
      webPage(text) ??
      unreadable(
        t('The program at {address} is not Tally: {words}', {
          address: client.address,
          words: JSON.stringify(text.trim().slice(0, 80)),
        }),
      )
    );
  return readText(words.replace(/<[^>]*>/g, ' '));
}
