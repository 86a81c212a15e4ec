import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** A choice of one among few. */
export interface SelectOption {
  readonly value: string;
  readonly text: string;
  readonly group?: string;
}

/** A labelled choice; options of one group stand together. */
export function SelectField({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
}): JSX.Element {
  const id = useId();
  const groups = Map.groupBy(options, ({ group }) => group ?? '');
  const optionsOf = (of: readonly SelectOption[]): JSX.Element[] =>
    of.map((option) => (
      <option key={option.value} value={option.value} selected={option.value === value}>
        {option.text}
      </option>
    ));
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {[...groups].map(([group, of]) =>
          group === '' ? (
            optionsOf(of)
          ) : (
            <optgroup key={group} label={group}>
              {optionsOf(of)}
            </optgroup>
          ),
        )}
      </select>
    </div>
  );
}
