export * from './cobrowseio/ended-reason.ts';
export * from './cobrowseio/projected-session.ts';
export * from './cobrowseio/session-events.ts';
export * from './fullview/window-events.ts';
export * from './liveperson/publishing.ts';
