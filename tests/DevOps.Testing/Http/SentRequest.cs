namespace DevOps.Testing.Http;

/// <summary>A request as it went out, and its body.</summary>
public sealed record SentRequest(HttpMethod Method, Uri Address, string? Authorization, string? ContentType, byte[] Body, HttpRequestMessage Message)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public override string ToString() => $"{Method} {Address}";
}
