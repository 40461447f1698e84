using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Reads the decisions that were posted to a run and that it has not taken yet.</summary>
internal static class PostedDecisions
{
    internal static async Task<IReadOnlyList<ApprovalMessage>> ReadAsync(IRunStore store, RecordedRun run, CancellationToken cancellationToken)
    {
        List<ApprovalMessage> posted = [];
        if (store is not IRunInbox inbox)
        {
            return posted;
        }

        await foreach (RunMessage message in inbox.ReadMessagesAsync(run.RunId, cancellationToken).ConfigureAwait(false))
        {
            if (!run.Approvals.Any(approval => approval.Messages.Contains(message.Id)) && Parse(message) is { } decision)
            {
                posted.Add(decision);
            }
        }

        return posted;
    }

    internal static bool IsFor(this ApprovalMessage message, string job) => string.Equals(message.Job, job, StringComparison.OrdinalIgnoreCase);

    // The run passes over what is no decision, and so does this.
    private static ApprovalMessage? Parse(RunMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Content.Span, ResultJson.Default.ApprovalMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
