import { useStatus, useStore } from 'ibex-state/react'
import { type ReactNode, useEffect } from 'react'
import { Board } from '../board/board.js'
import { CommandMenu } from '../commands/command-menu.js'
import { Help } from '../commands/help.js'
import { useHotkeys } from '../commands/hotkeys.js'
import { useCommands } from '../commands/use-commands.js'
import { seedOnce } from '../data/seed.js'
import { useIsPast } from '../film/film.js'
import { Film } from '../film/film-strip.js'
import { Travel } from '../film/travel.js'
import { CreateDialog } from '../issue/create-dialog.js'
import { IssuePanel } from '../issue/issue-panel.js'
import { IssueList } from '../list/issue-list.js'
import { IssuePicker } from '../pick/issue-picker.js'
import { SelectionBar } from '../selection/selection-bar.js'
import { StatusLine } from '../status/status-line.js'
import { Toaster } from '../toast/toaster.js'
import { FilterBar } from '../view/filter-bar.js'
import { FilterMenu } from '../view/filter-menu.js'
import { useIssueIds } from '../view/issue-query.js'
import { useView } from '../view/use-view.js'
import { useCell } from './cell.js'
import { Empty } from './empty.js'
import { Header, sidebarOpen } from './header.js'
import { Sidebar } from './sidebar.js'

export function App(): ReactNode {
  useSampleProject()
  const isSidebarOpen = useCell(sidebarOpen)
  const isPast = useIsPast()
  return (
    <div className="app" data-sidebar={isSidebarOpen || undefined} data-past={isPast || undefined}>
      <Travel>
        <Workspace />
      </Travel>
      <Film />
      <StatusLine />
      <Toaster />
    </div>
  )
}

/** What shows issues and acts on them: now, or as they were. */
function Workspace(): ReactNode {
  const commands = useCommands()
  useHotkeys(commands)
  const { issue } = useView()
  return (
    <>
      <Sidebar />
      <Issues />
      {issue !== null && <IssuePanel key={issue} id={issue} />}
      <CreateDialog />
      <IssuePicker />
      <FilterMenu />
      <CommandMenu commands={commands} />
      <Help commands={commands} />
    </>
  )
}

function Issues(): ReactNode {
  const view = useView()
  const ids = useIssueIds(view)
  const count = Object.values(ids).reduce((sum, { length }) => sum + length, 0)
  return (
    <main>
      <Header count={count} />
      <FilterBar />
      {count === 0 && view.layout === 'list' ? (
        <Empty />
      ) : view.layout === 'list' ? (
        <IssueList ids={ids} />
      ) : (
        <Board ids={ids} />
      )}
      <SelectionBar />
    </main>
  )
}

/** A new project begins with some issues, once it is sure that nobody else has begun it. */
function useSampleProject(): void {
  const store = useStore()
  const isComplete = useStatus((status) => status.complete)
  useEffect(() => {
    // Fails only when the window is closed meanwhile.
    if (isComplete) seedOnce(store, Date.now()).catch(() => {})
  }, [store, isComplete])
}
