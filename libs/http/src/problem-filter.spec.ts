import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ProblemDocument } from '#libs/protocol';
import { answerError } from './problem-filter.ts';

describe('an error that is no problem of ours', () => {
  const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  beforeEach(() => logged.mockClear());
  afterAll(() => logged.mockRestore());

  function answer(error: unknown): ProblemDocument {
    let sent: unknown;
    const reply = {
      sent: false,
      status: () => reply,
      header: () => reply,
      serializer: () => reply,
      send: (body: unknown) => (sent = body),
    };
    answerError(reply as unknown as FastifyReply, error);
    return sent as ProblemDocument;
  }

  it.each([
    [403, 404, 'not_found'],
    [414, 404, 'not_found'],
    [418, 400, 'bad_request'],
  ])("with the status %d is the sender's, and is answered %d %s without a word in the log", (statusCode, status, code) => {
    expect(answer(Object.assign(new Error('framework'), { statusCode }))).toMatchObject({ status, code });
    expect(logged).not.toHaveBeenCalled();
  });

  it('without a status is ours: 500, and logged', () => {
    expect(answer(new Error('a mistake'))).toMatchObject({ status: 500, code: 'internal' });
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('a mistake'));
  });
});
