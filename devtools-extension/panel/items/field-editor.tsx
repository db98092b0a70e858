/** Changes a field as it is now, in the app: the page writes it, as a commit that says it was made in devtools. */
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { AnySchema } from '../../../src/index.js'
import type { CommandArgs } from '../../../src/inspect/channel.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { readValue, writeValue } from './editable-value.js'

type Patch = CommandArgs<'edit'>['patch']

export interface FieldEditorProps {
  readonly schema: AnySchema
  readonly id: string
  readonly field: string
  readonly value: unknown
  readonly onClose: () => void
}

export function FieldEditor({ schema, id, field, value, onClose }: FieldEditorProps): ReactNode {
  const panel = usePanel()
  const { store, path } = useSession()
  const shape = schema.fields[field]!
  const [text, setText] = useState(() => writeValue(value, shape))
  const [problem, setProblem] = useState<string>()

  const save = async (): Promise<void> => {
    const read = readValue(text, shape)
    if ('problem' in read) {
      setProblem(read.problem)
      return
    }
    const patch: Patch = { [field]: read.value }
    const done = await panel.act(
      () => store.command('edit', { repository: path, schema: schema.name, item: id, patch }),
      `${field} was changed.`,
    )
    if (done) onClose()
  }
  const onSubmit = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    void save()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
  }

  const given = {
    className: 'field grow',
    'aria-label': field,
    'aria-invalid': problem !== undefined,
    autoFocus: true,
    value: text,
    onChange: (event: { target: { value: string } }) => {
      setText(event.target.value)
      setProblem(undefined)
    },
  } as const
  const choices = shape.kind === 'boolean' ? ['true', 'false'] : shape.members
  return (
    <form className="editor" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      {choices ? (
        <select {...given}>
          {shape.presence === 'optional' && <option value="">no value</option>}
          {choices.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : text.includes('\n') || ['json', 'map', 'set'].includes(shape.kind) ? (
        <textarea {...given} rows={4} spellCheck={false} />
      ) : (
        <input {...given} spellCheck={false} />
      )}
      <span className="editor-buttons">
        <button type="submit" className="button is-main">
          Save
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </span>
      {problem !== undefined && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
