namespace DevOps.Docker;

/// <summary>Controls how a published .NET application goes into an image.</summary>
public sealed record DotNetAppOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetAppOptions Default { get; } = new();

    /// <summary>Gets the directory of the application in the image.</summary>
    /// <value><c>/app</c> by default.</value>
    public string Directory { get; init; } = "/app";

    /// <summary>Gets the port that the application listens on, or <see langword="null"/> if it is not a server.</summary>
    /// <value>8080 by default. <c>ASPNETCORE_HTTP_PORTS</c> is set to it, unless the base sets that already.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 65535.</exception>
    public int? Port
    {
        get;
        init
        {
            if (value is < 1 or > 65535)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A port is from 1 to 65535.");
            }

            field = value;
        }
    } = 8080;

    /// <summary>Gets the user that the application runs as where the base names none.</summary>
    /// <value><c>1654:1654</c> by default, the number that .NET's own images keep for applications.</value>
    public string User { get; init; } = "1654:1654";

    /// <summary>Gets the one time of all files in the new layers.</summary>
    /// <value>The Unix epoch by default.</value>
    public DateTimeOffset ModifiedAt { get; init; } = DateTimeOffset.UnixEpoch;
}
