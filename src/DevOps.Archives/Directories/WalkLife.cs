namespace DevOps.Archives.Directories;

/// <summary>Tells whether a walk is still going on.</summary>
internal sealed class WalkLife
{
    internal bool IsOver { get; set; }
}
