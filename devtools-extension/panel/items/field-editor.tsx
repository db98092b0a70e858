/** Changes a field as it is now, in the app: the page writes it, as a commit that says it was made in devtools. */
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { AnySchema } from '../../../src/index.js'
import type { CommandArgs } from '../../../src/inspect/channel.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { readValue, writeValue } from './editable-value.js'
import { ValueInput } from './value-input.js'

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

  return (
    <form className="editor" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <ValueInput
        label={field}
        shape={shape}
        text={text}
        wrong={problem !== undefined}
        autoFocus
        onText={(next) => {
          setText(next)
          setProblem(undefined)
        }}
      />
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
