import { signal } from '@preact/signals';

/** From here on three phases find room beside one another, in CSS pixels. */
const WIDE_PX = 1280;

/** How draft, critique and final stand: beside one another, folded one below the other, or as what changed. */
export type PhaseLayout = 'side' | 'folded' | 'diff';

export const phaseLayout = signal<PhaseLayout>(window.innerWidth < WIDE_PX ? 'folded' : 'side');

/** Which panel a narrow screen shows. */
export type PanelName = 'settings' | 'conversation' | 'figures';

export const panel = signal<PanelName>('conversation');
