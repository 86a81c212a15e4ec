import { signal } from '@preact/signals';

/** How draft, critique and final stand: beside one another, folded one below the other, or as what changed. */
export type PhaseLayout = 'side' | 'folded' | 'diff';

export const phaseLayout = signal<PhaseLayout>('side');

/** Which panel a narrow screen shows. */
export type PanelName = 'settings' | 'conversation' | 'figures';

export const panel = signal<PanelName>('conversation');
