import { type ReactNode, useId, useState } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countNoun } from '../time/format-time.js'

/** Deletes what the store keeps on this device, after its name was typed. */
export function Clear(): ReactNode {
  const panel = usePanel()
  const { store } = useSession()
  const pending = useLive(store.repositories).reduce((sum, each) => sum + each.pending, 0)
  const hasServer = useLive(store.about)?.hasServer ?? true
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const id = useId()
  const close = (): void => {
    setAsked(false)
    setTyped('')
  }
  return (
    <section className="card" aria-label="Clear">
      <div className="card-row">
        <p className="grow">
          <strong>Clear</strong>{' '}
          <span className="soft">
            deletes all that this store keeps on this device.{' '}
            {hasServer ? 'What the server has comes back.' : 'There is no server that has it too: export it before.'}
          </span>
        </p>
        {!asked && (
          <button type="button" className="button is-danger" onClick={() => setAsked(true)}>
            <Icon name="trash" />
            Clear …
          </button>
        )}
      </div>
      {asked && (
        <form
          className="editor"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            close()
          }}
          onSubmit={(event) => {
            event.preventDefault()
            if (typed === store.name)
              void panel.act(() => store.command('clear', { confirm: typed }), 'Cleared.').then(close)
          }}
        >
          {pending > 0 && (
            <p className="bad">{countNoun(pending, 'action')} would be lost: the server does not have them.</p>
          )}
          <label htmlFor={id}>
            Type <strong className="mono">{store.name}</strong> to go on:
          </label>
          <input
            id={id}
            className="field"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="editor-buttons">
            <button type="submit" className="button is-danger" disabled={typed !== store.name}>
              Delete it
            </button>
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
          </span>
        </form>
      )}
    </section>
  )
}
