import { styleText } from 'node:util';

import type { AnswerReason, ChainEvent, HistoryTrimEvent, MetricsEvent, Phase } from '../event.ts';
import type { PriceCall } from '../provider.ts';
import { CritiqueText } from './critique-text.ts';
import { LiveFigures } from './live-figures.ts';
import { LiveLine } from './live-line.ts';
import { metricsTable } from './metrics-table.ts';
import { grouped } from './numbers.ts';
import { plainText } from './plain-text.ts';

type Style = Parameters<typeof styleText>[0];

const reasons: Readonly<Record<AnswerReason, string>> = {
  approved: 'approved',
  last: 'the last revision',
  'best-score': 'it scored best',
  'not-judged': 'not judged',
  failed: 'what came after it failed',
  limit: 'a limit of the run was reached',
};

/** Shows runs to a person: phases as they stream, what a trim left out, the figures as they grow, and at the end. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #price: PriceCall | undefined;
  readonly #live: LiveLine;
  /** Line feeds at the end of what was written, two at most: a blank line is enough. */
  #feeds = 2;
  #figures: LiveFigures;
  #metrics: MetricsEvent[] = [];
  #phases = new Map<number, Phase>();
  #phase = '';
  #trim: HistoryTrimEvent | undefined;
  #critique = new CritiqueText();

  constructor(out: NodeJS.WriteStream, price?: PriceCall) {
    this.#out = out;
    this.#price = price;
    this.#live = new LiveLine(out);
    this.#figures = new LiveFigures(price);
  }

  /** What holds for all runs: a title, and lines of two columns. */
  opening(title: string, rows: readonly (readonly [string, string])[]): void {
    this.#write(`${title}\n`, 'bold');
    for (const [name, value] of rows) this.#write(`${name.padEnd(12)}  ${value}\n`);
  }

  /** A run begins. */
  begin(): void {
    this.#figures = new LiveFigures(this.#price);
    this.#metrics = [];
    this.#phase = '';
    // Who typed the question has ended its line.
    this.#feeds = Math.min(1, this.#feeds);
    this.#live.start(() => this.#styled(this.#figures.line, 'dim'));
  }

  /** What the run tells. */
  show(event: ChainEvent): void {
    this.#figures.add(event);
    if (event.type === 'token') this.#token(event);
    else if (event.type === 'attempt-start') this.#phases.set(event.call, event.phase);
    else if (event.type === 'history-trim') this.#trim = event;
    else if (event.type === 'metrics') this.#measured(event);
    else if (event.type === 'critique') {
      const score = event.score === null ? '' : `, score ${event.score}`;
      this.#block(`critique of the ${this.#phaseOf(event.judged)}: ${event.verdict}${score}`, 'dim');
    } else if (event.type === 'answer-choice')
      this.#block(`answer: the ${this.#phaseOf(event.call)} (${reasons[event.why]})`, 'dim');
    else if (event.type === 'issue') this.#block(`${event.severity}: ${event.message}`, 'yellow');
    else if (event.type === 'attempt-end' && event.outcome === 'failed') this.#block(failed(event), 'red');
  }

  /** The run is over: its figures, as a table or in a line. */
  end(finishReason: string | undefined, as: 'table' | 'line'): void {
    this.#live.stop();
    const { sums } = this.#figures;
    if (finishReason === undefined) this.#block('', 'bold');
    else if (as === 'line')
      this.#block(`${finishReason === 'stop' ? '' : `${finishReason} · `}${sums}`, 'dim');
    else this.#block(`done: ${finishReason}`, 'bold');
    if (as === 'table' && this.#metrics.length > 0) this.#write(`\n${metricsTable(this.#metrics)}`);
    this.#write('\n');
  }

  #token({ phase, text }: Extract<ChainEvent, { type: 'token' }>): void {
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#critique = new CritiqueText();
      this.#block(`── ${phase} ${'─'.repeat(Math.max(3, 60 - phase.length))}`, 'cyan');
    }
    if (phase === 'critique') this.#write(this.#critique.add(text), 'dim');
    else if (phase === 'final' || phase === 'answer') this.#write(text);
    else this.#write(text, 'dim');
  }

  /** The first trim of a run is told; those of later calls are in the table. */
  #measured(event: MetricsEvent): void {
    const isFirst = this.#metrics.length === 0;
    this.#metrics.push(event);
    if (!isFirst || event.scope !== 'trim' || this.#trim === undefined) return;
    const { messages } = this.#trim;
    const kept = messages.filter(({ fate }) => fate !== 'dropped').length;
    const tokens = `${grouped(event.token_in)} → ${grouped(event.token_out)} tokens`;
    this.#block(`trim: ${kept} of ${messages.length} messages kept, ${tokens}`, 'dim');
  }

  #phaseOf(call: number): string {
    return this.#phases.get(call) ?? `call ${call}`;
  }

  /** A line with a blank line before it. */
  #block(text: string, style: Style): void {
    this.#write('\n'.repeat(2 - this.#feeds));
    if (text !== '') this.#write(`${text}\n`, style);
  }

  #write(text: string, style?: Style): void {
    if (text === '') return;
    const shown = this.#out.isTTY ? plainText(text) : text;
    const end = /\n*$/.exec(shown)?.[0].length ?? 0;
    this.#feeds = Math.min(2, end === shown.length ? this.#feeds + end : end);
    this.#live.write(style === undefined ? shown : this.#styled(shown, style));
  }

  #styled(text: string, style: Style): string {
    // Node leaves colours out in a pipe and with NO_COLOR.
    return styleText(style, text, { stream: this.#out });
  }
}

function failed({ error, delayMs, superseded }: Extract<ChainEvent, { type: 'attempt-end' }>): string {
  const next = delayMs === null ? 'no further attempt' : `next attempt in ${Math.round(delayMs)} ms`;
  const isVoid = superseded ? '; the text above is void' : '';
  return `${error?.code ?? 'unknown'}: ${error?.message ?? ''} (${next}${isVoid})`;
}
