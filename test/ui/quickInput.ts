import type { Locator, Page } from 'playwright-core';

/** A space may be a no-break space on the screen. */
const escapeRegExp = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replaceAll(' ', '\\s');

/** The box at the top of the window: the Command Palette, lists to pick from, and lines of text to type. */
export class QuickInput {
  constructor(private readonly page: Page) {}

  get box(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  private get input(): Locator {
    return this.box.locator('.quick-input-filter input');
  }

  /** A row by its whole label. */
  item(label: string): Locator {
    const exact = new RegExp(`^\\s*${escapeRegExp(label)}\\s*$`);
    const name = this.page.locator('.quick-input-list-row .label-name', { hasText: exact });
    return this.box.locator('.quick-input-list .monaco-list-row').filter({ has: name });
  }

  /** The labels of the rows that are on the screen. */
  async items(): Promise<string[]> {
    const labels = await this.box.locator('.quick-input-list .monaco-list-row .label-name').allInnerTexts();
    return labels.map((label) => label.replaceAll('\u00a0', ' '));
  }

  /**
   * Waits for a text in the box: its title, prompt or message. Call this before typing, or the keys go to the previous
   * box.
   */
  async expect(text: string | RegExp): Promise<void> {
    await this.box.filter({ hasText: text }).waitFor();
  }

  /** Waits for the remark below a line of text. */
  async expectMessage(text: string | RegExp): Promise<void> {
    await this.box.locator('.quick-input-message').filter({ hasText: text }).waitFor();
  }

  /** Replaces the text. */
  async fill(text: string): Promise<void> {
    await this.input.first().fill(text);
  }

  async value(): Promise<string> {
    return await this.input.first().inputValue();
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  /** Replaces the text and accepts it. */
  async enter(text: string): Promise<void> {
    await this.fill(text);
    await this.accept();
  }

  /** Picks a row by its whole label. */
  async pick(label: string): Promise<void> {
    await this.item(label).first().click();
  }

  async back(): Promise<void> {
    await this.box.locator('.quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
  }

  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }
}
