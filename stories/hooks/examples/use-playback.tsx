import { TimeTravel, usePlayback, useQuery } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function Film({ speed }: { speed: number }): ReactNode {
  const { position, length, playing, moment, seek, play, pause } = usePlayback({ by: 'actions', speed })
  return (
    <>
      <Editor id="t-1" />
      <div>
        <button onClick={playing ? pause : play}>{playing ? 'Pause' : 'Play'}</button>{' '}
        <label>
          Moment
          <input type="range" max={length} value={position} onChange={({ target }) => seek(Number(target.value))} />
        </label>
        {position} of {length}
      </div>
      <TimeTravel at={moment}>
        <Titles />
      </TimeTravel>
    </>
  )
}

function Titles(): ReactNode {
  return (
    <p>
      {useQuery(Task, { orderBy: '$id' })
        .map(({ title }) => title)
        .join(', ') || 'Nothing yet'}
    </p>
  )
}
