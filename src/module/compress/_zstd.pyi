"Zstandard compression, for the module compression.zstd."

def train_dict(samples_bytes: bytes, samples_sizes: tuple, dict_size: ssize, /): "A dictionary made of samples, which follow each other in samples_bytes."
def finalize_dict(custom_dict_bytes: bytes, samples_bytes: bytes, samples_sizes: tuple, dict_size: ssize, compression_level: int, /): "A dictionary of such contents, tuned by samples."
def get_param_bounds(parameter: int, is_compress: bool): "(least, greatest): the values that a parameter may have."
def get_frame_size(frame_buffer: buffer): "The size of the frame that frame_buffer begins with."
def get_frame_info(frame_buffer: buffer): "(size, dictionary id) of the frame that frame_buffer begins with; None for a size that it does not say."
def set_parameter_types(c_parameter_type: type, d_parameter_type: type) -> None: "Says which classes the keys of options are of."
