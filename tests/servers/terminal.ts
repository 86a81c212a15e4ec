import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a terminal to test in. */
export const hasTmux: boolean = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** How often the screen is looked at, in milliseconds. */
const LOOK_MS = 100;

/** A real terminal of 100 columns and 40 rows, in a tmux server of its own, which is typed into and read. */
export class Terminal {
  readonly #server: string;

  private constructor(server: string) {
    this.#server = server;
  }

  /** Starts a shell. The prompt is `$`, and `echo` says the exit code of what ran before. */
  static async open(environment: Readonly<Record<string, string>> = {}): Promise<Terminal> {
    const terminal = new Terminal(
      `katamari-test-${process.pid}-${performance.now().toString(36).replace('.', '')}`,
    );
    const settings = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    // UTF-8 whatever the locale, and no file of the person's own.
    await terminal.#tmux(
      '-u',
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '100',
      '-y',
      '40',
      ...settings,
      'sh',
    );
    return terminal;
  }

  /** Types a text, and then a key: `Enter`, `C-c`, `C-d`. */
  async type(text: string, key?: string): Promise<void> {
    if (text !== '') await this.#tmux('send-keys', '-l', text);
    if (key !== undefined) await this.#tmux('send-keys', key);
  }

  /** What is on the screen, and what has scrolled away over it. */
  async read({ colours = false }: { readonly colours?: boolean } = {}): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-', ...(colours ? ['-e'] : []));
  }

  /** Waits until the screen shows something. @throws Error with the screen when it does not within 40 s */
  async shows(what: RegExp): Promise<string> {
    const until = performance.now() + 40_000;
    for (;;) {
      const screen = await this.read();
      if (what.test(screen)) return screen;
      if (performance.now() > until) throw new Error(`The screen never shows ${String(what)}:\n${screen}`);
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_MS);
      });
    }
  }

  /** Ends the terminal and what runs in it. */
  async close(): Promise<void> {
    await this.#tmux('kill-server');
  }

  async #tmux(...words: readonly string[]): Promise<string> {
    // Whoever runs the tests may want them without colours; what they look at is a terminal that has some.
    const { NO_COLOR: _, ...env } = process.env;
    const { stdout } = await run('tmux', ['-L', this.#server, ...words], { env });
    return stdout;
  }
}
