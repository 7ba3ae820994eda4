import { tallyAddress } from '../../core/base/config.js';
import { asEtlError } from '../../core/base/errors.js';
import { errorText } from '../notices/errorWords.js';
import { inForce, targetOf } from '../settings/places.js';
import { placeWords } from '../settings/placeWords.js';
import type { Remark } from '../input/quickInput.js';
import { askUntilItWorks } from './askUntilItWorks.js';
import type { Command, Parts } from './command.js';

const words = placeWords.tallyAddress;

/** Asks for the address of Tally, and tries it before it is saved. */
export const setTallyAddress: Command<{ address: string; answers: boolean }> = {
  async ask(parts) {
    const { configuration, notifier, questions } = parts;
    const { source, value } = inForce(await configuration.sources(), 'TALLY_URL');
    if (source === 'dotEnv') {
      notifier.offer('info', placeWords.addressInDotEnv(value!), ['Open .env']);
      return undefined;
    }
    const asked = await askUntilItWorks<string>(parts, {
      ask: (before = value ?? 'http://localhost:9000') =>
        questions.input({ title: words.title(), prompt: words.prompt(), value: before, check: remarkOn }),
      problemOf: (text) => problemAt(parts, tallyAddress(text)),
      question: (text) => placeWords.save.noSuchTally(tallyAddress(text)),
    });
    return asked && { address: tallyAddress(asked.value), answers: asked.works };
  },
  async run({ configuration, notifier }, { address, answers }) {
    const sources = await configuration.sources();
    const target = targetOf(sources, 'TALLY_URL');
    if (target === 'dotEnv') {
      // TALLY_URL came into `.env` while the box was open, and wins.
      notifier.offer('info', placeWords.addressInDotEnv(inForce(sources, 'TALLY_URL').value!), ['Open .env']);
      return;
    }
    await configuration.keep('TALLY_URL', address, target);
    const text = answers ? words.saved(address, target) : words.savedUntried(address, target);
    notifier.offer('info', text, ['Select Company', 'Check Setup']);
  },
};

/** Why Tally cannot be asked at an address; undefined if it answers. Throws `cancelled`. */
async function problemAt({ configuration, runner }: Parts, address: string): Promise<string | undefined> {
  const config = await configuration.read({ TALLY_URL: address });
  try {
    await runner.run('companies', undefined, config, { title: words.asking(address) });
    return undefined;
  } catch (thrown) {
    const error = asEtlError(thrown);
    if (error.code === 'cancelled') throw error;
    return errorText(error);
  }
}

function remarkOn(text: string): Remark | undefined {
  try {
    tallyAddress(text);
    return undefined;
  } catch (error) {
    return { severity: 'error', message: asEtlError(error).hint };
  }
}
