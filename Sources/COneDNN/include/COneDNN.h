#ifndef FOVEA_ONEDNN_H
#define FOVEA_ONEDNN_H
int odn_version(void);
#endif
