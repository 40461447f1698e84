using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>One line of an image's history.</summary>
/// <remarks>Lines that are not <see cref="IsEmptyLayer"/> are as many as the layers. Source: OCI image-spec 1.1, config.md, "history".</remarks>
public sealed record ImageHistory
{
    /// <summary>Gets when the step was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Gets what made the step.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Gets a comment on the step.</summary>
    public string? Comment { get; init; }

    /// <summary>Gets whether the step changed the configuration only.</summary>
    public bool IsEmptyLayer { get; init; }

    internal JsonObject ToJson()
    {
        JsonObject json = [];
        if (Created is { } created)
        {
            json["created"] = Rfc3339.Format(created);
        }

        if (CreatedBy is not null)
        {
            json["created_by"] = CreatedBy;
        }

        if (Comment is not null)
        {
            json["comment"] = Comment;
        }

        if (IsEmptyLayer)
        {
            json["empty_layer"] = true;
        }

        return json;
    }
}
