/** What was refused, to be changed and written anew: the edits go to the items as they are now, and the refusal is settled. */
import { type ReactNode, useState } from 'react'
import type { CommandArgs } from '../../../src/inspect/channel.js'
import type { RejectionAbout } from '../../../src/inspect/topics.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { readValue, writeValue } from '../items/editable-value.js'

interface EditedField {
  readonly schema: string
  readonly item: string
  readonly field: string
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
    rejection.changes.flatMap(({ schema, item, field, value }) => {
      const shape = shapeOf(schema, field)
      return shape?.merge === 'register' ? [{ schema, item, field, text: writeValue(value, shape) }] : []
    }),
  )

  const save = async (): Promise<void> => {
    const patches = new Map<string, { schema: string; item: string; patch: Record<string, unknown> }>()
    let isWrong = false
    const read = fields.map((each) => {
      const found = readValue(each.text, shapeOf(each.schema, each.field)!)
      if ('problem' in found) {
        isWrong = true
        return { ...each, problem: found.problem }
      }
      const key = `${each.schema}/${each.item}`
      const own = patches.get(key) ?? { schema: each.schema, item: each.item, patch: {} }
      own.patch[each.field] = found.value
      patches.set(key, own)
      return each
    })
    setFields(read)
    if (isWrong) return
    const { repository, commit } = rejection
    await panel.act(async () => {
      for (const { schema, item, patch } of patches.values()) {
        await store.command('edit', { repository, schema, item, patch: patch as CommandArgs<'edit'>['patch'] })
      }
      await store.command('discardRejection', { repository, commit })
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
      {fields.map(({ schema, item, field, text, problem }, i) => (
        <label key={`${schema}/${item} ${field}`} className="editor-row">
          <span className="mono soft">
            {schema}/{item} <span className="field-name">{field}</span>
          </span>
          <textarea
            className="field"
            rows={text.length > 60 ? 3 : 1}
            value={text}
            aria-invalid={problem !== undefined}
            onChange={(event) => setFields(fields.with(i, { schema, item, field, text: event.target.value }))}
          />
          {problem !== undefined && (
            <span className="bad" role="alert">
              {problem}
            </span>
          )}
        </label>
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
