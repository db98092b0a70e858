import { type ReactNode, useRef } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel } from '../state/panel-context.js'

/** Chooses a replay file, to be looked at like a store. */
export function OpenRecording(): ReactNode {
  const panel = usePanel()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        <Icon name="load" />
        Open a recording …
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".ibexreplay"
        aria-label="Recording"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void panel.act(() => panel.openRecording(file), 'All in it holds.')
        }}
      />
    </>
  )
}
