import type { IssueEvent } from '../event.ts';
import type { ChatRequest } from '../request.ts';
import { asRecord, asText } from '../wire/json-record.ts';
import { redact } from '../wire/redact.ts';
import type { AiSdkModel } from './language-model.ts';

/** Who is told, and by whom. */
export interface IssueSource {
  readonly req_id: string;
  /** The provider's name. */
  readonly provider: string;
}

type Finding = Pick<IssueEvent, 'code' | 'message'> & Partial<Pick<IssueEvent, 'path' | 'severity'>>;

/** What the model says it could not do as asked: its warnings, of all versions of the specification, as issues. */
export function warningIssue(warning: unknown, source: IssueSource): IssueEvent {
  const record = asRecord(warning) ?? {};
  const feature = asText(record['feature'] ?? record['setting'] ?? asRecord(record['tool'])?.['name']);
  const said = asText(record['message'] ?? record['details']);
  const type = asText(record['type']) ?? 'other';
  const about = feature === undefined ? '' : ` (${feature})`;
  return issueOf(source, {
    code: codes[type] ?? 'provider-warning',
    message: `${source.provider} warns: ${type}${about}${said === undefined ? '' : `: ${redact(said)}`}`,
    ...(feature === undefined ? {} : { path: feature }),
  });
}

const codes: Readonly<Record<string, string>> = {
  unsupported: 'setting-not-sent',
  'unsupported-setting': 'setting-not-sent',
  'unsupported-tool': 'setting-not-sent',
  compatibility: 'compatibility-mode',
  deprecated: 'deprecated-setting',
};

/** What of the request cannot be said to this model. */
export function leftOutIssues(request: ChatRequest, model: AiSdkModel, source: IssueSource): IssueEvent[] {
  const findings: Finding[] = [];
  if (request.model !== undefined && request.model !== model.modelId) {
    findings.push({
      code: 'setting-not-sent',
      message: `${source.provider} was made for the model ${model.modelId} and cannot ask ${request.model}: make a provider for that one.`,
      path: 'model',
    });
  }
  if (request.reasoning?.effort !== undefined && model.specificationVersion !== 'v4') {
    findings.push({
      code: 'setting-not-sent',
      message: `Models of specification ${model.specificationVersion} have no setting for reasoning.effort: use providerOptions.`,
      path: 'reasoning.effort',
    });
  }
  if (request.reasoning?.parallel === true) {
    findings.push({
      code: 'setting-not-sent',
      severity: 'info',
      message: 'Models of the AI SDK have no setting for reasoning.parallel, so it was not sent.',
      path: 'reasoning.parallel',
    });
  }
  return findings.map((finding) => issueOf(source, finding));
}

/** Generated files have no event of their own. */
export function fileIssue(source: IssueSource): IssueEvent {
  const message = `${source.provider} generated a file, which katamari has no event for: it was left out.`;
  return issueOf(source, { code: 'file-left-out', message });
}

function issueOf({ req_id, provider }: IssueSource, finding: Finding): IssueEvent {
  return { type: 'issue', req_id, source: provider, severity: 'warning', ...finding };
}
