import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { Icon } from '../look/icons.js'
import { messageOf } from '../state/message-of.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { countNoun, dayOf } from '../time/format-time.js'

/** Everything that the store keeps on this device, as a file and back. */
export function Backup(): ReactNode {
  const panel = usePanel()
  const { store } = useSession()
  const file = useRef<HTMLInputElement>(null)

  const save = (): Promise<boolean> =>
    panel.act(async () => {
      const bytes = await store.exportAll()
      panel.host.saveFile(`ibex-${store.name}-${dayOf(Date.now())}.json`, bytes, 'application/json')
    }, 'Exported.')
  const load = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [chosen] = event.target.files ?? []
    event.target.value = ''
    if (!chosen) return
    try {
      const { commits, refused } = await store.importAll(new Uint8Array(await chosen.arrayBuffer()))
      const text = `${countNoun(commits, 'commit')} came in${refused > 0 ? `, ${refused} did not hold` : ''}.`
      panel.notice.set({ text, kind: refused > 0 ? 'failed' : 'done' })
    } catch (error) {
      panel.notice.set({ text: messageOf(error), kind: 'failed' })
    }
  }
  return (
    <section className="card" aria-label="Export and import">
      <div className="card-row">
        <p className="grow">
          <strong>Export and import</strong>{' '}
          <span className="soft">
            the signed commits of all repositories. What is imported is checked like any other commit.
          </span>
        </p>
        <button type="button" className="button" onClick={() => void save()}>
          <Icon name="save" />
          Export
        </button>
        <button type="button" className="button" onClick={() => file.current?.click()}>
          <Icon name="load" />
          Import …
        </button>
        <input
          ref={file}
          hidden
          type="file"
          accept="application/json,.json"
          aria-label="File to import"
          onChange={(event) => void load(event)}
        />
      </div>
    </section>
  )
}
