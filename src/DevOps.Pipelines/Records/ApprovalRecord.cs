using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Writes and reads what people were asked and what they decided.</summary>
internal static class ApprovalRecord
{
    internal static void Write(ref RecordWriter writer, string job, ApprovalDecision decision, string messageId)
    {
        writer.Text(job);
        writer.Text(messageId);
        writer.Bytes(JsonSerializer.SerializeToUtf8Bytes(decision, ResultJson.Default.ApprovalDecision));
    }

    internal static (string Job, string MessageId, ApprovalDecision Decision) Read(ref RecordReader reader)
    {
        string job = reader.RequiredText();
        string messageId = reader.RequiredText();
        return (job, messageId, JsonSerializer.Deserialize(reader.Bytes(), ResultJson.Default.ApprovalDecision) ?? throw new InvalidDataException("A record of the journal lacks a decision."));
    }
}
