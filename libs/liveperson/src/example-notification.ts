/** An invitation as LivePerson's webhook sends it, for the published document. Shapes as in its documentation, values made up. */
export const EXAMPLE_NOTIFICATION = {
  kind: 'notification',
  type: 'cqm.ExConversationChangeNotification',
  body: {
    sentTs: 1763712000450,
    changes: [
      {
        type: 'UPSERT',
        result: {
          convId: '22222222-aaaa-4bbb-8ccc-000000000002',
          effectiveTTR: -1,
          conversationDetails: {
            skillId: '-1',
            brandId: '12345678',
            state: 'OPEN',
            stage: 'OPEN',
            startTs: 1763711000000,
            metaDataLastUpdateTs: 1763712000440,
            participants: [
              { id: '33333333-aaaa-4bbb-8ccc-000000000003', role: 'CONSUMER' },
              { id: '44444444-aaaa-5bbb-8ccc-000000000004', role: 'ASSIGNED_AGENT' },
            ],
            dialogs: [
              {
                dialogId: '22222222-aaaa-4bbb-8ccc-000000000002',
                dialogType: 'MAIN',
                channelType: 'MESSAGING',
                state: 'OPEN',
                creationTs: 1763711000000,
                metaDataLastUpdateTs: 1763711000000,
                participantsDetails: [{ id: '33333333-aaaa-4bbb-8ccc-000000000003', role: 'CONSUMER', state: 'ACTIVE' }],
              },
              {
                dialogId: '55555555-aaaa-4bbb-8ccc-000000000005',
                dialogType: 'OTHER',
                channelType: 'COBROWSE',
                state: 'OPEN',
                creationTs: 1763712000440,
                metaDataLastUpdateTs: 1763712000440,
                participants: ['33333333-aaaa-4bbb-8ccc-000000000003', '12345678.987654'],
                metaData: {
                  serviceId: '33333333-aaaa-4bbb-8ccc-000000000003#22222222-aaaa-4bbb-8ccc-000000000002',
                  mode: 'view',
                  expires: 1763712120.44,
                  sessionState: 'INVITED',
                  notificationKey: 'invited',
                  dialogId: '55555555-aaaa-4bbb-8ccc-000000000005',
                },
              },
            ],
          },
        },
      },
    ],
  },
};
