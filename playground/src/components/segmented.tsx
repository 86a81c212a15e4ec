import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** One of a few, all of them in sight. Radio buttons, so the arrow keys work as everywhere. */
export function Segmented<Value extends string>({
  legend,
  value,
  options,
  onChange,
  quiet = false,
}: {
  readonly legend: string;
  readonly value: Value;
  readonly options: readonly {
    readonly value: Value;
    readonly text: ComponentChildren;
    readonly label?: string;
  }[];
  readonly onChange: (value: Value) => void;
  /** Hides the legend from the eye. @defaultValue false */
  readonly quiet?: boolean;
}): JSX.Element {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class={quiet ? 'for-ears' : ''}>{legend}</legend>
      <div class="segmented__options">
        {options.map((option) => (
          <label key={option.value} class="segmented__option">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              aria-label={option.label}
              onChange={() => {
                onChange(option.value);
              }}
            />
            <span title={option.label} aria-hidden={option.label === undefined ? undefined : true}>
              {option.text}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
