import { logJsonSchema } from '../../src/log/index.ts';

interface Field {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Field[];
}

interface RecordSchema {
  readonly title: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, Field>>;
}

const BEGIN = '<!-- log-records: written by tools/write-log-documents.ts -->';
const END = '<!-- /log-records -->';

/** The guide with the tables of the log's records in their place. */
export function withLogTables(guide: string): string {
  const [begin, end] = [guide.indexOf(BEGIN), guide.indexOf(END)];
  if (begin === -1 || end === -1) throw new Error(`The guide has no ${BEGIN} … ${END}.`);
  return `${guide.slice(0, begin + BEGIN.length)}\n\n${logTables()}\n\n${guide.slice(end)}`;
}

/** The file of the JSON Schema. */
export function logSchemaFile(): string {
  return `${JSON.stringify(logJsonSchema(), null, 2)}\n`;
}

function logTables(): string {
  const { oneOf = [] } = logJsonSchema() as { oneOf?: readonly RecordSchema[] };
  return oneOf.map(tableOf).join('\n\n');
}

function tableOf({ title, description, properties }: RecordSchema): string {
  const rows = Object.entries(properties)
    .filter(([name]) => name !== 'name')
    .map(([name, field]) => `| \`${name}\` | ${typeOf(field)} | ${field.description ?? ''} |`);
  return [`### \`${title}\``, '', description, '', '| field | type | |', '|---|---|---|', ...rows].join('\n');
}

function typeOf({ type, enum: values, anyOf }: Field): string {
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  return typeof type === 'string' ? type : (type ?? []).join(' or ');
}
