/** What was refused, to be changed and written anew with all else of its commit: the page does both at once. */
import { type ReactNode, useState } from 'react'
import type { CommandArgs } from '../../../src/inspect/channel.js'
import type { ChangeAbout, RejectionAbout } from '../../../src/inspect/topics.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { readValue, writeValue } from '../items/editable-value.js'
import { ValueInput } from '../items/value-input.js'

type Edit = CommandArgs<'retryEdited'>['edits'][number]

interface EditedField {
  readonly schema: string
  readonly item: string
  readonly field: string
  readonly before: string
  readonly text: string
  readonly problem?: string
}

export function RejectionEditor({ rejection, onClose }: { rejection: RejectionAbout; onClose: () => void }): ReactNode {
  const panel = usePanel()
  const { store } = useSession()
  const data = useLive(store.data)
  const shapeOf = (schema: string, field: string) => data?.schemas.find(({ name }) => name === schema)?.fields[field]
  // Only what sets a value can be edited: steps of counters and sets are retried as they are.
  const [fields, setFields] = useState<readonly EditedField[]>(() =>
    lastValues(rejection.changes).flatMap(({ schema, item, field, value }) => {
      const shape = shapeOf(schema, field)
      if (shape?.merge !== 'register') return []
      const before = writeValue(shape.kind === 'date' && typeof value === 'number' ? new Date(value) : value, shape)
      return [{ schema, item, field, before, text: before }]
    }),
  )

  const save = async (): Promise<void> => {
    const edits: Edit[] = []
    let isWrong = false
    const read = fields.map((each) => {
      const { schema, item, field, before, text } = each
      // As it is, also where its text does not say all of it.
      if (text === before) return each
      const found = readValue(text, shapeOf(schema, field)!)
      if ('problem' in found) {
        isWrong = true
        return { ...each, problem: found.problem }
      }
      edits.push({ schema, item, field, value: found.value })
      return each
    })
    setFields(read)
    if (isWrong) return
    const { repository, commit } = rejection
    await panel.act(async () => {
      await store.command('retryEdited', { repository, commit, edits })
      onClose()
    }, 'Written anew.')
  }

  if (fields.length === 0)
    return <p className="soft">There is no value in it that could be edited: retry it, or discard it.</p>
  return (
    <form
      className="editor is-tall"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {fields.map(({ schema, item, field, before, text, problem }, i) => (
        <div key={`${schema}/${item} ${field}`} className="editor-row">
          <span className="mono soft">
            {schema}/{item} <span className="field-name">{field}</span>
          </span>
          <ValueInput
            label={`${schema}/${item} ${field}`}
            shape={shapeOf(schema, field)!}
            text={text}
            wrong={problem !== undefined}
            onText={(next) => setFields(fields.with(i, { schema, item, field, before, text: next }))}
          />
          {problem !== undefined && (
            <span className="bad" role="alert">
              {problem}
            </span>
          )}
        </div>
      ))}
      <span className="editor-buttons">
        <button type="submit" className="button is-main">
          Write anew
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </span>
    </form>
  )
}

/** What counts where a field of an item was set more than once, in the place of the first. */
function lastValues(changes: readonly ChangeAbout[]): ChangeAbout[] {
  const last = new Map<string, ChangeAbout>()
  for (const change of changes) {
    const { schema, item, field, operation } = change
    if (operation === 'put' || operation === 'clear') last.set(JSON.stringify([schema, item, field]), change)
  }
  return [...last.values()]
}
