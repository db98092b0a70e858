/** Where a value is typed, or chosen where there are only so many. */
import { type ReactNode, useState } from 'react'
import type { AnySchema } from '../../../src/index.js'

export interface ValueInputProps {
  readonly label: string
  readonly shape: AnySchema['fields'][string]
  /** See `editable-value.ts`. */
  readonly text: string
  readonly wrong: boolean
  readonly autoFocus?: boolean
  onText(text: string): void
}

export function ValueInput({ label, shape, text, wrong, autoFocus, onText }: ValueInputProps): ReactNode {
  // What one types does not change what one types into.
  const [isLong] = useState(
    () => text.length > 60 || text.includes('\n') || ['json', 'map', 'set'].includes(shape.kind),
  )
  const given = {
    className: 'field grow',
    'aria-label': label,
    'aria-invalid': wrong,
    autoFocus,
    value: text,
    onChange: (event: { target: { value: string } }) => onText(event.target.value),
  }
  const choices = shape.kind === 'boolean' ? ['true', 'false'] : shape.members
  if (choices) {
    return (
      <select {...given}>
        {shape.presence === 'optional' && <option value="">no value</option>}
        {/* What is not among them can be left as it is. */}
        {text !== '' && !choices.includes(text) && <option>{text}</option>}
        {choices.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    )
  }
  return isLong ? <textarea {...given} rows={4} spellCheck={false} /> : <input {...given} spellCheck={false} />
}
