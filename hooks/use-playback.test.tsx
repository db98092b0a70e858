import { act, fireEvent, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { beQuiet, createTasks, renderIn, Task } from '../tests/hooks/app.js'
import { settle } from '../src/testing/test-store.js'
import { TimeTravel } from './time-travel.js'
import { useQuery } from './use-query.js'
import { type Film, usePlayback } from './use-playback.js'

beQuiet()

function Titles(): ReactNode {
  return <i>{useQuery(Task, { orderBy: 'title' }).map((task) => task.title)}</i>
}

let film: Film

function Player({ speed = 4 }: { speed?: number }): ReactNode {
  const now = usePlayback({ by: 'actions', speed })
  useKeep(now)
  const { moment, position, length, playing, play, pause, step, seek } = now
  return (
    <>
      <p>{`${position} of ${length} ${playing ? 'plays' : 'stands'} ${now.speed}×`}</p>
      <button onClick={play}>play</button>
      <button onClick={pause}>pause</button>
      <button onClick={() => step(-1)}>back</button>
      <button onClick={() => seek(length)}>end</button>
      <TimeTravel at={moment}>
        <Titles />
      </TimeTravel>
    </>
  )
}

function useKeep(now: Film): void {
  film = now
}

const shown = (): string => `${document.querySelector('p')?.textContent}: ${document.querySelector('i')?.textContent}`
const click = (text: string): void => void fireEvent.click(screen.getByText(text))

test('a film stands before the first action; it is stepped, moved and played, and shows each moment', async () => {
  const app = createTasks('a', 'b')
  await act(() => settle())
  app.tasks.update('a', { title: 'c' })
  await act(() => settle())
  const { rerender } = renderIn(app, <Player />)
  await vi.waitFor(() => expect(shown()).toBe('0 of 3 stands 4×: '), { timeout: 10_000 })
  // Effects too.
  await act(async () => {})
  click('end')
  expect(shown()).toBe('3 of 3 stands 4×: bc')
  click('back')
  expect(shown()).toBe('2 of 3 stands 4×: ab')
  const { play, seek } = film
  act(() => seek(1))
  expect(shown()).toBe('1 of 3 stands 4×: a')
  expect(film.play).toBe(play)
  click('play')
  expect(shown()).toBe('1 of 3 plays 4×: a')
  await act(() => settle(300))
  expect(shown()).toBe('2 of 3 plays 4×: ab')
  click('pause')
  await act(() => settle(1000))
  expect(shown()).toBe('2 of 3 stands 4×: ab')
  rerender(<Player speed={16} />)
  expect(shown()).toBe('2 of 3 stands 16×: ab')
  click('play')
  await act(() => settle(1000))
  expect(shown()).toBe('3 of 3 stands 16×: bc')
})

test('it ends with its component', async () => {
  const app = createTasks('a')
  await act(() => settle())
  const { unmount } = renderIn(app, <Player />)
  await screen.findByText('0 of 1 stands 4×')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  unmount()
  expect(app.listeners()).toBe(0)
  vi.advanceTimersByTime(6000)
  expect(app.history).toMatchObject({ open: 0, films: 0, pasts: 0 })
})
