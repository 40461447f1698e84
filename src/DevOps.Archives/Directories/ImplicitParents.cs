namespace DevOps.Archives.Directories;

/// <summary>What to do with directories that nothing on disk and nobody names, and that are only on the way: the root of a directory that is packed, and what is above it or above single files.</summary>
public enum ImplicitParents
{
    /// <summary>They are members, once each, with mode 0755 and the owner and time of the options. In a layer, this is what becomes of the base's mode and owner where it has the directory too.</summary>
    Write,

    /// <summary>They are left out, and whoever extracts makes those that are missing. Good above directories that the base has, as <c>/tmp</c> or <c>/home/app</c>, whose mode and owner are to stay.</summary>
    Omit,
}
