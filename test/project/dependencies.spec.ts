import { readFileSync } from 'node:fs';

describe('the list of dependencies', () => {
  it('names every package of package.json, and no others', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      object
    >;
    const used = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    const rows = readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| (`.+?) \|/gm);
    const listed = [...rows].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
    expect(listed.toSorted()).toEqual(used.toSorted());
  });
});
