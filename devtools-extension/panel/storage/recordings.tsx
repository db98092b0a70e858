import { type ReactNode, useState } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { momentAt } from '../state/moment-at.js'
import { useLive } from '../state/use-live.js'
import { momentOf } from '../time/format-time.js'
import { OpenRecording } from './open-recording.js'

/** What happened, or the chosen range of it, as a file that opens and plays anywhere. */
export function Recordings(): ReactNode {
  const panel = usePanel()
  const session = useSession()
  const range = useLive(session.range)
  const [title, setTitle] = useState('')
  const { store, path: repository } = session

  const save = (): Promise<boolean> =>
    panel.act(async () => {
      const { history } = session
      const from = range && history ? momentAt(history, range.from - 1) : null
      const to = range && history ? momentAt(history, range.to) : null
      const bytes = await store.record({ repository, from, to, title })
      const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') || store.name
      panel.host.saveFile(`${name}.ibexreplay`, bytes, 'application/octet-stream')
    }, 'Recorded.')
  return (
    <section className="card" aria-label="Recordings">
      <form
        className="card-row"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <p className="grow">
          <strong>Recordings</strong>{' '}
          <span className="soft">
            {range
              ? `from ${momentOf(range.from)} to ${momentOf(range.to)}`
              : 'all of it; choose a range above for less'}
            . Signed: it plays anywhere, without a server.
          </span>
        </p>
        <input
          className="field"
          aria-label="Title of the recording"
          placeholder="What it shows"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <button type="submit" className="button">
          <Icon name="save" />
          Record
        </button>
        <OpenRecording />
      </form>
    </section>
  )
}
