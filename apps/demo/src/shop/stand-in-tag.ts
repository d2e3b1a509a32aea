import type { Publish } from '#libs/protocol';

/**
 * Stands in for LivePerson's tag, which a real shop has on its pages: of the tag it has nothing but the one function that the page SDK
 * calls, and it only writes down what it is told.
 */
export function installStandInTag(told: (publish: Publish) => void): void {
  const publish = (app: Publish['app'], event: Publish['event'], data: Publish['data']): boolean => {
    told({ app, event, data });
    return true;
  };
  Object.assign(window, { lpTag: { events: { publish } } });
}
