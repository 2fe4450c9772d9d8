/// Every method and notification of the published versions, as data.
///
/// A test compares it with the schemas in both directions.
public enum MethodTable {
  public static let rows: [MethodRow] = fromClient + tasksFromClient + fromServer + tasksFromServer

  /// The row of a method that a side sends in an era; nil where no version of it has one.
  public static func row(_ method: Method, from sender: Party, in era: Era) -> MethodRow? {
    byMethod[method]?.first { row in
      row.sender == sender
        && !row.versions.union(row.carried).isDisjoint(with: era.versions)
    }
  }

  /// Whether a side sends requests in an era at all, by any version of it.
  public static func asks(_ sender: Party, in era: Era) -> Bool {
    asking[sender]?.contains(era) ?? false
  }

  private static let asking = Dictionary(
    uniqueKeysWithValues: Party.allCases.map { sender in
      let eras = Era.allCases.filter { era in
        rows.contains {
          $0.sender == sender && $0.kind == .request && !$0.versions.isDisjoint(with: era.versions)
        }
      }
      return (sender, eras)
    })

  private static let byMethod = Dictionary(grouping: rows, by: \.method)

  private static let fromClient: [MethodRow] = [
    .request(.initialize, from: .client, in: .legacy),
    .request(.ping, from: .client, in: .legacy),
    .request(.discover, from: .client, in: .modern, results: .cacheable),
    .request(.subscriptionsListen, from: .client, in: .modern),
    .request(.toolsList, from: .client, in: .all, .tools, results: .cacheable),
    .request(.toolsCall, from: .client, in: .all, .tools, results: [.inputRequired, .task]),
    .request(.promptsList, from: .client, in: .all, .prompts, results: .cacheable),
    .request(.promptsGet, from: .client, in: .all, .prompts, results: .inputRequired),
    .request(.resourcesList, from: .client, in: .all, .resources, results: .cacheable),
    .request(.resourceTemplatesList, from: .client, in: .all, .resources, results: .cacheable),
    .request(
      .resourcesRead, from: .client, in: .all, .resources, results: [.cacheable, .inputRequired]),
    .request(.resourcesSubscribe, from: .client, in: .legacy, .resourceSubscriptions),
    .request(.resourcesUnsubscribe, from: .client, in: .legacy, .resourceSubscriptions),
    .request(.complete, from: .client, in: .all, .completions),
    .request(.setLevel, from: .client, in: .legacy, .logging),
    .notification(.initialized, from: .client, in: .legacy),
    .notification(.cancelled, from: .client, in: .all),
    .notification(.progress, from: .client, in: .legacy),
    .notification(.rootsListChanged, from: .client, in: .legacy, .roots),
  ]

  private static let tasksFromClient: [MethodRow] = [
    .request(.tasksGet, from: .client, in: .v2025_11_25, .tasks),
    .request(.tasksResult, from: .client, in: .v2025_11_25, .tasks),
    .request(.tasksList, from: .client, in: .v2025_11_25, .tasks),
    .request(.tasksCancel, from: .client, in: .v2025_11_25, .tasks),
    .notification(.tasksStatus, from: .client, in: .v2025_11_25, .tasks),
    .request(.tasksGet, from: .client, in: .modern, .tasksExtension, source: .tasksExtension),
    .request(.tasksUpdate, from: .client, in: .modern, .tasksExtension, source: .tasksExtension),
    .request(.tasksCancel, from: .client, in: .modern, .tasksExtension, source: .tasksExtension),
  ]

  private static let fromServer: [MethodRow] = [
    .request(.ping, from: .server, in: .legacy),
    .request(
      .createMessage, from: .server, in: .legacy, carried: .modern, .sampling, results: .task),
    .request(
      .elicit, from: .server, in: [.v2025_06_18, .v2025_11_25], carried: .modern, .elicitation,
      results: .task),
    .request(.rootsList, from: .server, in: .legacy, carried: .modern, .roots),
    .notification(.cancelled, from: .server, in: .all),
    .notification(.progress, from: .server, in: .all),
    .notification(.message, from: .server, in: .all, .logging),
    .notification(.toolsListChanged, from: .server, in: .all, .tools),
    .notification(.promptsListChanged, from: .server, in: .all, .prompts),
    .notification(.resourcesListChanged, from: .server, in: .all, .resources),
    .notification(.resourcesUpdated, from: .server, in: .all, .resourceSubscriptions),
    .notification(.subscriptionsAcknowledged, from: .server, in: .modern),
    .notification(.elicitationComplete, from: .server, in: .v2025_11_25, .elicitation),
  ]

  private static let tasksFromServer: [MethodRow] = [
    .request(.tasksGet, from: .server, in: .v2025_11_25, .tasks),
    .request(.tasksResult, from: .server, in: .v2025_11_25, .tasks),
    .request(.tasksList, from: .server, in: .v2025_11_25, .tasks),
    .request(.tasksCancel, from: .server, in: .v2025_11_25, .tasks),
    .notification(.tasksStatus, from: .server, in: .v2025_11_25, .tasks),
    .notification(.tasks, from: .server, in: .modern, .tasksExtension, source: .tasksExtension),
  ]
}
