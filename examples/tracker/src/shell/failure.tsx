import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
}

/** Says what went wrong, instead of a blank page. */
export class Failure extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div className="empty" role="alert">
        <p>Something went wrong.</p>
        <p className="empty-hint">{error instanceof Error ? error.message : 'It did not say what.'}</p>
        <button type="button" className="text-button" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    )
  }
}
